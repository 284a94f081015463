// Faulty is an app with a fault of choice, to see what is made of it. MODE (or the first argument) is one of
//
//	ok       works
//	crash    says why it can't start, and ends with EXIT_CODE (3)
//	unready  serves, but is never healthy
//	slow     listens only after DELAY (10s)
//	oom      takes memory until it is killed
//	hang     works, and doesn't stop when asked to
//	noport   lives, but never listens
//	…        and those of faults.go
//	cat      writes what it reads, and that it has ended; ends with EXIT_CODE (3)
//	terminal says its size whenever that is another, and each line that it reads; Ctrl-C or "exit" ends it with
//	         EXIT_CODE (3). Called by the name of a shell it is one of that kind
//	show     says as JSON what it was given: variables, arguments and the FILES (by paths, a line each); ends with 0
//
// What serves says the same under /show.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// version is set when building, so that two builds can be told apart.
var version = "dev"

func main() {
	log.SetFlags(0)
	mode := cmp.Or(os.Getenv("MODE"), "ok")
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	if strings.HasSuffix(os.Args[0], "/sh") {
		mode = "terminal"
	}
	port := cmp.Or(os.Getenv("PORT"), "8080")
	log.Printf("faulty starting in mode %s", mode)

	if mode == "terminal" {
		terminal()
	}
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
		if err := show(os.Stdout); err != nil {
			log.Fatalf("fatal: %v", err)
		}
	case "cat":
		read, _ := io.Copy(os.Stdout, os.Stdin)
		log.Printf("end of the input after %d bytes", read)
		os.Exit(exitCode())
	case "noport":
		log.Print("working without a port")
		select {}
	default:
		if !fault(mode, port) {
			log.Fatalf("fatal: there is no mode %q", mode)
		}
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
	http.HandleFunc("/show", func(w http.ResponseWriter, _ *http.Request) {
		if err := show(w); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "Hello from faulty")
		log.Printf("%s %s", r.Method, r.URL.Path)
	})
	log.Printf("listening on %s", address)
	log.Fatalf("fatal: %v", http.ListenAndServe(address, nil))
}

// show gives bytes as base64: what is on its way must not change them.
func show(out io.Writer) error {
	files := map[string][]byte{}
	for _, path := range strings.Fields(os.Getenv("FILES")) {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
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
	return json.NewEncoder(out).Encode(map[string]any{
		"version": version, "variables": variables, "arguments": arguments, "files": files,
	})
}

func exitCode() int {
	code, err := strconv.Atoi(cmp.Or(os.Getenv("EXIT_CODE"), "3"))
	if err != nil {
		log.Fatalf("fatal: EXIT_CODE: %v", err)
	}
	return code
}

func terminal() {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGWINCH, syscall.SIGINT)
	go func() {
		for one := range signals {
			if one == syscall.SIGINT {
				fmt.Println("interrupted")
				os.Exit(exitCode())
			}
			fmt.Println("size", size())
		}
	}()
	fmt.Println("size", size())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "exit" {
			break
		}
		fmt.Printf("read %q\n", lines.Text())
	}
	os.Exit(exitCode())
}

// size gives columns and rows of the terminal that it writes to.
func size() string {
	var window struct{ rows, columns, width, height uint16 }
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, os.Stdout.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&window)))
	if failed != 0 {
		return "of no terminal"
	}
	return fmt.Sprintf("%dx%d", window.columns, window.rows)
}

func crash() {
	code := exitCode()
	log.Print("connecting to db:5432")
	time.Sleep(200 * time.Millisecond)
	log.Print("fatal: cannot reach database db:5432")
	os.Exit(code)
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
