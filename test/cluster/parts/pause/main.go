// Pause does nothing until it is told to stop, and reaps the processes that end up as its children.
// It has two jobs: it is the first process of every pod sandbox (it holds the pod's namespaces), and it
// is the first process of a test cluster's node. When that one ends, the kernel ends every process of the
// node with it, and its mounts and network go too: nothing can be forgotten.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for {
		// Reap first: a child may have ended before Notify.
		for {
			pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if err == syscall.EINTR {
				continue
			}
			if pid <= 0 || err != nil {
				break
			}
		}
		if received := <-signals; received != syscall.SIGCHLD {
			os.Exit(0)
		}
	}
}
