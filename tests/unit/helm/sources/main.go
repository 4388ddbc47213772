// It answers what a Helm answers that is asked for its version.
package main

import "fmt"

var version = "unknown"

func main() { fmt.Print(version) }
