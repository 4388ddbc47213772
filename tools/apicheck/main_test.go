package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// update writes what the program answers into the files of expected answers.
var update = flag.Bool("update", false, "write the expected answers anew")

const asProgram = "APICHECK_TEST_AS_PROGRAM"

// TestMain lets the test binary be the program: the version of Kubernetes is set once in a process.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program is a running apicheck.
type program struct {
	t       *testing.T
	command *exec.Cmd
	input   *bufio.Writer
	output  *bufio.Reader
	count   int64
}

func start(t *testing.T) *program {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = []string{asProgram + "=1"}
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	must(t, err)
	output, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() {
		_ = input.Close()
		must(t, command.Wait())
	})
	return &program{
		t: t, command: command, input: bufio.NewWriter(input), output: bufio.NewReader(output),
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// send writes a line as it is and gives the answer.
func (p *program) send(line string) map[string]any {
	p.t.Helper()
	_, err := p.input.WriteString(line + "\n")
	must(p.t, err)
	must(p.t, p.input.Flush())
	text, err := p.output.ReadBytes('\n')
	must(p.t, err)
	answer := map[string]any{}
	must(p.t, json.Unmarshal(text, &answer))
	return answer
}

// ask sends a request and gives its result, or its error under the key "error".
func (p *program) ask(request map[string]any) map[string]any {
	p.t.Helper()
	p.count++
	request["id"] = p.count
	line, err := json.Marshal(request)
	must(p.t, err)
	answer := p.send(string(line))
	if answer["id"] != float64(p.count) {
		p.t.Fatalf("the answer to %d is that to %v", p.count, answer["id"])
	}
	if result, ok := answer["result"].(map[string]any); ok {
		return result
	}
	return map[string]any{"error": answer["error"]}
}

func (p *program) setUp(minor string) map[string]any {
	p.t.Helper()
	return p.ask(map[string]any{"operation": "setup", "protocol": 1, "kubernetes": minor})
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return string(content)
}

// TestCases asks what testdata holds: testdata/<minor>/<operation>/<case>.yaml, with the old
// manifest in <case>.old.yaml and the result in <case>.json.
func TestCases(t *testing.T) {
	minors, err := filepath.Glob("testdata/1.*")
	must(t, err)
	for _, folder := range minors {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			asked := start(t)
			asked.setUp(filepath.Base(folder))
			crds, err := filepath.Glob("testdata/crds/*.yaml")
			must(t, err)
			for _, crd := range crds {
				asked.ask(map[string]any{"operation": "crd", "manifest": read(t, crd)})
			}
			cases, err := filepath.Glob(folder + "/*/*.json")
			must(t, err)
			if *update {
				cases = inputs(t, folder)
			}
			for _, expected := range cases {
				name := strings.TrimSuffix(strings.TrimPrefix(expected, folder+"/"), ".json")
				t.Run(name, func(t *testing.T) { check(t, asked, folder, name) })
			}
		})
	}
}

func inputs(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(folder + "/*/*.yaml")
	must(t, err)
	var cases []string
	for _, path := range found {
		if !strings.HasSuffix(path, ".old.yaml") {
			cases = append(cases, strings.TrimSuffix(path, ".yaml")+".json")
		}
	}
	return cases
}

func check(t *testing.T, asked *program, folder, name string) {
	t.Helper()
	operation, by, _ := strings.Cut(filepath.Dir(name), "-")
	path := filepath.Join(folder, name)
	request := map[string]any{"operation": operation, "manifest": read(t, path+".yaml")}
	if operation == "update" {
		request["by"], request["old"] = by, read(t, path+".old.yaml")
	}
	text := bytes.Buffer{}
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	asked.t = t
	must(t, encoder.Encode(asked.ask(request)))
	if *update {
		must(t, os.WriteFile(path+".json", text.Bytes(), 0o644))
	}
	if expected := read(t, path+".json"); text.String() != expected {
		t.Errorf("the answer is\n%s\nand not\n%s", text.String(), expected)
	}
}
