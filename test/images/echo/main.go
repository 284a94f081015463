// Echo answers with what it was asked, so that one can see what a gateway made of a request. The query may ask for
// more: status=503 answers with that status, wait=2s takes so long, ask=URL asks somebody else and tells the status,
// fail=INSTANCE makes that instance fail. At /metrics it counts the requests.
package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

func main() {
	log.SetFlags(0)
	port := cmp.Or(os.Getenv("PORT"), "8080")
	instance, _ := os.Hostname()
	var count atomic.Int64
	http.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "# TYPE echo_requests_total counter\necho_requests_total %d\n", count.Load())
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		log.Printf("%s %s", r.Method, r.URL)
		count.Add(1)
		wait, _ := time.ParseDuration(query.Get("wait"))
		time.Sleep(wait)
		asked := 0
		if url := query.Get("ask"); url != "" {
			if answer, err := http.Get(url); err == nil {
				asked = answer.StatusCode
				answer.Body.Close()
			}
		}
		status, _ := strconv.Atoi(cmp.Or(query.Get("status"), "200"))
		if query.Get("fail") == instance {
			status = http.StatusInternalServerError
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"component": os.Getenv("COMPONENT"),
			"instance":  instance,
			"path":      r.URL.Path,
			"asked":     asked,
			"headers":   r.Header,
		})
	})
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
