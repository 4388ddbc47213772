package main

import _ "golang.org/x/text/language"

func main() {}
