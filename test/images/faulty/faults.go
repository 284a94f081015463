package main

import (
	"cmp"
	"encoding/base64"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"time"
)

// fault plays one of these; false where there is none of that name.
//
//	local    listens on localhost only
//	other    listens on OTHER_PORT (3000), whatever it is told
//	write    can't start without writing to TARGET (/state)
//	fill     writes MEGABYTES (64) to /tmp, and never listens
//	leak     writes the variable TOKEN into its log, in several forms, and ends with EXIT_CODE (3)
//	patient  can't start until ADDRESS accepts a connection: ends with EXIT_CODE (3) until then
//	registry hands on to the registry UPSTREAM, after DELAY (0s); or answers everything with STATUS
func fault(mode, port string) bool {
	switch mode {
	case "local":
		listen("127.0.0.1:"+port, http.StatusOK, "ok")
	case "other":
		serve(cmp.Or(os.Getenv("OTHER_PORT"), "3000"), http.StatusOK, "ok")
	case "write":
		if err := os.WriteFile(cmp.Or(os.Getenv("TARGET"), "/state"), []byte("1"), 0o600); err != nil {
			log.Fatalf("fatal: %v", err)
		}
		serve(port, http.StatusOK, "ok")
	case "fill":
		fill()
	case "leak":
		leak(os.Getenv("TOKEN"))
	case "patient":
		connection, err := net.DialTimeout("tcp", os.Getenv("ADDRESS"), 2*time.Second)
		if err != nil {
			log.Printf("fatal: %v", err)
			os.Exit(exitCode())
		}
		_ = connection.Close()
		serve(port, http.StatusOK, "ok")
	case "registry":
		registry(port)
	default:
		return false
	}
	return true
}

func registry(port string) {
	delay, err := time.ParseDuration(cmp.Or(os.Getenv("DELAY"), "0s"))
	if err != nil {
		log.Fatalf("fatal: DELAY: %v", err)
	}
	status, _ := strconv.Atoi(os.Getenv("STATUS"))
	upstream := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: os.Getenv("UPSTREAM")})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if status != 0 {
			w.WriteHeader(status)
			return
		}
		time.Sleep(delay)
		upstream.ServeHTTP(w, r)
	})
	log.Printf("listening on :%s", port)
	log.Fatalf("fatal: %v", http.ListenAndServe(":"+port, nil))
}

func fill() {
	megabytes, _ := strconv.Atoi(cmp.Or(os.Getenv("MEGABYTES"), "64"))
	if err := os.WriteFile("/tmp/fill", make([]byte, megabytes<<20), 0o600); err != nil {
		log.Fatalf("fatal: %v", err)
	}
	log.Printf("wrote %d MiB", megabytes)
	select {}
}

func leak(token string) {
	log.Printf("connecting with token=%s", token)
	log.Printf("authorization: Basic %s", base64.StdEncoding.EncodeToString([]byte("user:"+token)))
	log.Printf("encoded %s", base64.StdEncoding.EncodeToString([]byte(token)))
	log.Printf("fatal: the token %q was not accepted", token)
	os.Exit(exitCode())
}
