// Faulty is an app with a fault of choice, to see what is made of it. MODE (or the first argument) is one of
//
//	ok       works
//	crash    says why it can't start, and ends with EXIT_CODE (3)
//	unready  serves, but is never healthy
//	slow     listens only after DELAY (10s)
//	oom      takes memory until it is killed
//	hang     works, and doesn't stop when asked to
//	noport   lives, but never listens
//	local    listens on localhost only
//	other    listens on OTHER_PORT (3000), whatever it is told
//	write    can't start without writing to TARGET (/data/state)
//	fill     writes MEGABYTES (64) to /tmp
//	leak     writes the variable TOKEN into its log, in several forms, and ends with EXIT_CODE (3)
//	patient  can't start until ADDRESS accepts a connection: ends with EXIT_CODE (3) until then
//	refuse   answers everything with STATUS (401), as a registry might
//	show     says as JSON what it was given: variables, arguments and the FILES (by paths, a line each); ends with 0
package main

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	mode := cmp.Or(os.Getenv("MODE"), "ok")
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	port := cmp.Or(os.Getenv("PORT"), "8080")
	log.Printf("faulty starting in mode %s", mode)

	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for range terminated {
			if mode != "hang" {
				log.Print("stopping")
				os.Exit(0)
			}
			log.Print("told to stop, not stopping")
		}
	}()

	switch mode {
	case "ok", "hang":
		serve(port, http.StatusOK, "ok")
	case "unready":
		serve(port, http.StatusServiceUnavailable, "warming up")
	case "crash":
		crash()
	case "slow":
		delay, err := time.ParseDuration(cmp.Or(os.Getenv("DELAY"), "10s"))
		if err != nil {
			log.Fatalf("fatal: DELAY: %v", err)
		}
		log.Printf("preparing for %s", delay)
		time.Sleep(delay)
		serve(port, http.StatusOK, "ok")
	case "oom":
		exhaust()
	case "show":
		show()
	case "local":
		listen("127.0.0.1:"+port, http.StatusOK, "ok")
	case "other":
		serve(cmp.Or(os.Getenv("OTHER_PORT"), "3000"), http.StatusOK, "ok")
	case "write":
		if err := os.WriteFile(cmp.Or(os.Getenv("TARGET"), "/data/state"), []byte("1"), 0o600); err != nil {
			log.Fatalf("fatal: %v", err)
		}
		serve(port, http.StatusOK, "ok")
	case "fill":
		fill()
		serve(port, http.StatusOK, "ok")
	case "leak":
		token := os.Getenv("TOKEN")
		log.Printf("connecting with token=%s", token)
		log.Printf("authorization: Basic %s", base64.StdEncoding.EncodeToString([]byte("user:"+token)))
		log.Printf("encoded %s", base64.StdEncoding.EncodeToString([]byte(token)))
		log.Fatalf("fatal: the token %q was not accepted", token)
	case "patient":
		connection, err := net.DialTimeout("tcp", os.Getenv("ADDRESS"), 2*time.Second)
		if err != nil {
			log.Fatalf("fatal: %v", err)
		}
		_ = connection.Close()
		serve(port, http.StatusOK, "ok")
	case "refuse":
		status, _ := strconv.Atoi(cmp.Or(os.Getenv("STATUS"), "401"))
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		log.Fatalf("fatal: %v", http.ListenAndServe(":"+port, nil))
	case "noport":
		log.Print("working without a port")
		select {}
	default:
		log.Fatalf("fatal: there is no mode %q", mode)
	}
}

func serve(port string, health int, answer string) {
	listen(":"+port, health, answer)
}

func listen(address string, health int, answer string) {
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(health)
		fmt.Fprintln(w, answer)
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "Hello from faulty")
		log.Printf("%s %s", r.Method, r.URL.Path)
	})
	log.Printf("listening on %s", address)
	log.Fatalf("fatal: %v", http.ListenAndServe(address, nil))
}

// show gives bytes as base64: what is on its way must not change them.
func show() {
	files := map[string][]byte{}
	for _, path := range strings.Fields(os.Getenv("FILES")) {
		content, err := os.ReadFile(path)
		if err != nil {
			log.Fatalf("fatal: %v", err)
		}
		files[path] = content
	}
	variables := map[string][]byte{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = []byte(value)
	}
	arguments := [][]byte{}
	for _, argument := range os.Args[1:] {
		arguments = append(arguments, []byte(argument))
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"variables": variables, "arguments": arguments, "files": files})
}

func crash() {
	code, err := strconv.Atoi(cmp.Or(os.Getenv("EXIT_CODE"), "3"))
	if err != nil {
		log.Fatalf("fatal: EXIT_CODE: %v", err)
	}
	log.Print("connecting to db:5432")
	time.Sleep(200 * time.Millisecond)
	log.Print("fatal: cannot reach database db:5432")
	os.Exit(code)
}

func fill() {
	megabytes, _ := strconv.Atoi(cmp.Or(os.Getenv("MEGABYTES"), "64"))
	if err := os.WriteFile("/tmp/fill", make([]byte, megabytes<<20), 0o600); err != nil {
		log.Fatalf("fatal: %v", err)
	}
	log.Printf("wrote %d MiB", megabytes)
}

// exhaust fills what it takes, for memory that is never written to is never counted.
func exhaust() {
	var kept [][]byte
	for {
		block := make([]byte, 8<<20)
		for i := range block {
			block[i] = 1
		}
		kept = append(kept, block)
		log.Printf("holding %d MiB", len(kept)*8)
		time.Sleep(20 * time.Millisecond)
	}
}
