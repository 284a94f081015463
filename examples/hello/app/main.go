// Hello answers every request with a greeting, so that one can see who answers.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// version is set when building, so that two builds can be told apart.
var version = "dev"

func main() {
	log.SetFlags(0)
	if len(os.Args) > 1 {
		// As a job: it does what it is told, and ends.
		log.Printf("hello %s: %s is done", version, strings.Join(os.Args[1:], " "))
		return
	}
	port := cmp.Or(os.Getenv("PORT"), "8080")
	greeting := cmp.Or(os.Getenv("GREETING"), "hello")
	instance, _ := os.Hostname()

	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello from %s, version %s, instance %s\n", greeting, version, instance)
		log.Printf("%s %s from %s", r.Method, r.URL.Path, r.RemoteAddr)
	})
	server := &http.Server{Addr: ":" + port, Handler: mux, ReadHeaderTimeout: 10 * time.Second}

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		<-stop.Done()
		log.Print("stopping: finishing the requests under way")
		deadline, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(deadline)
	}()

	log.Printf("hello %s listening on port %s", version, port)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatalf("fatal: %v", err)
	}
	// ListenAndServe returns as soon as Shutdown begins; the requests under way need it to end.
	<-finished
}
