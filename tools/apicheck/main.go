// Apicheck applies the API server's own rules to Kubernetes objects, without an API server. It
// reads requests from standard input and writes answers to standard output, in the protocol of
// README.md. It takes no arguments, and opens no file and no connection.
package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"k8s.io/klog/v2"

	"gitops-gen/tools/apicheck/internal/session"
)

// sources is the digest of the sources, set by the build.
var sources = "unknown"

// The garbage collector runs rarely, because most objects are small and the program ends soon. It
// runs often when the program uses half a gigabyte.
const (
	growth = 400
	memory = 512 << 20
)

func main() {
	klog.SetLogger(klog.Logger{})
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(memory)
	if err := session.New(sources).Run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "apicheck:", err)
		os.Exit(1)
	}
}
