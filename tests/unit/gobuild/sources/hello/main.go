package main

import "os"

var sources string

func main() { _, _ = os.Stdout.WriteString(sources) }
