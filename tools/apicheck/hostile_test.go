package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func reason(t *testing.T, answer map[string]any) string {
	t.Helper()
	problem, ok := answer["error"].(map[string]any)
	if !ok {
		t.Fatalf("there is no error: %v", answer)
	}
	return problem["reason"].(string)
}

// alive fails the test unless the program still gives verdicts.
func alive(t *testing.T, asked *program) {
	t.Helper()
	manifest := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	answer := asked.ask(map[string]any{"operation": "create", "manifest": manifest})
	if answer["outcome"] != "accepted" {
		t.Fatalf("the answer is %v", answer)
	}
}

func TestBadRequestsGetAnErrorAndTheNextOneIsAnswered(t *testing.T) {
	asked := start(t)
	asked.setUp("1.36")
	for name, line := range map[string]string{
		"not JSON":          `hello`,
		"empty":             ``,
		"no object":         `[1, 2]`,
		"no id":             `{"operation": "create", "manifest": ""}`,
		"negative id":       `{"id": -1, "operation": "create"}`,
		"unknown key":       `{"id": 1, "operation": "create", "manifests": []}`,
		"duplicate key":     `{"id": 1, "id": 2, "operation": "create"}`,
		"unknown operation": `{"id": 1, "operation": "delete"}`,
		"wrong type":        `{"id": 1, "operation": "create", "manifest": 3}`,
		"two values":        `{"id": 1, "operation": "create"} {"id": 2}`,
		"deep":              strings.Repeat("[", 100000),
		"update by":         `{"id": 1, "operation": "update", "by": "magic"}`,
		"second setup":      `{"id": 1, "operation": "setup", "protocol": 1, "kubernetes": "1.36"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if found := reason(t, asked.send(line)); found != "BadRequest" {
				t.Errorf("the reason is %s", found)
			}
			alive(t, asked)
		})
	}
}

func TestManifestsThatCannotBeRead(t *testing.T) {
	asked := start(t)
	asked.setUp("1.36")
	start := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for name, test := range map[string]struct{ manifest, reason string }{
		"nothing":            {"", "BadRequest"},
		"comments":           {"# nothing\n---\n", "BadRequest"},
		"text":               {"hello", "BadRequest"},
		"list":               {"[1, 2]", "BadRequest"},
		"no kind":            {"apiVersion: v1", "BadRequest"},
		"kind in capitals":   {"apiVersion: v1\nKIND: ConfigMap", "BadRequest"},
		"not YAML":           {"a: [", "BadRequest"},
		"not JSON":           {`{"apiVersion": "v1",`, "BadRequest"},
		"two documents":      {start + "---\n" + start, "BadRequest"},
		"large":              {start + "data: {a: " + strings.Repeat("x", 3<<20) + "}", "TooLarge"},
		"deep YAML":          {start + "data: " + strings.Repeat("{a: ", 5000) + strings.Repeat("}", 5000), "TooLarge"},
		"deeper YAML":        {start + "data: " + strings.Repeat("[", 200000), "BadRequest"},
		"deep JSON":          {`{"apiVersion": "v1", "kind": "ConfigMap", "data": ` + strings.Repeat("[", 1000000), "TooLarge"},
		"aliases of aliases": {bomb(), "TooLarge"},
		"aliases of a text":  {start + "x: &x " + strings.Repeat("x", 100000) + "\ny: [" + strings.Repeat("*x,", 1000) + "]", "TooLarge"},
		"a cycle":            {"a: &a {b: *a}", "TooLarge"},
		"binary":             {"\x00\x01", "BadRequest"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, operation := range []string{"create", "normalize", "lifecycle"} {
				answer := asked.ask(map[string]any{"operation": operation, "manifest": test.manifest})
				if found := reason(t, answer); found != test.reason {
					t.Errorf("the reason of %s is %s: %v", operation, found, answer)
				}
			}
			alive(t, asked)
		})
	}
	if peak := peakMemory(t, asked); peak > 700 {
		t.Errorf("%d MB of memory were used", peak)
	}
}

// bomb is a text whose aliases stand for 10^10 values.
func bomb() string {
	lines := []string{"apiVersion: v1", "kind: ConfigMap", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"}
	for level := 1; level < 10; level++ {
		alias := fmt.Sprintf("*a%d", level-1)
		items := strings.TrimSuffix(strings.Repeat(alias+", ", 10), ", ")
		lines = append(lines, fmt.Sprintf("a%d: &a%d [%s]", level, level, items))
	}
	return strings.Join(lines, "\n")
}

func TestALineThatIsTooLong(t *testing.T) {
	asked := start(t)
	asked.setUp("1.36")
	answer := asked.send(`{"id": 1, "manifest": "` + strings.Repeat("x", 17<<20) + `"}`)
	if reason(t, answer) != "TooLarge" || answer["id"] != float64(0) {
		t.Errorf("the answer is %v", answer)
	}
	alive(t, asked)
}

func TestTooManyCRDs(t *testing.T) {
	asked := start(t)
	ready := asked.setUp("1.36")
	limit := int(ready["limits"].(map[string]any)["crds"].(float64))
	crd := read(t, "testdata/crds/crate.yaml")
	for range limit {
		asked.ask(map[string]any{"operation": "crd", "manifest": crd})
	}
	answer := asked.ask(map[string]any{"operation": "crd", "manifest": crd})
	if reason(t, answer) != "TooLarge" {
		t.Errorf("the answer is %v", answer)
	}
	alive(t, asked)
}

func TestCRDsThatCannotBeUsed(t *testing.T) {
	usable := read(t, "testdata/crds/crate.yaml")
	object := "apiVersion: example.org/v1\nkind: Crate\nmetadata: {name: a}\nspec: {size: small}\n"
	for name, crd := range map[string]string{
		"not YAML":          "{ example.org Crate",
		"another kind":      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Crate.example.org}\n",
		"version v1beta1":   strings.Replace(usable, "k8s.io/v1", "k8s.io/v1beta1", 1),
		"no schema":         strings.ReplaceAll(usable, "openAPIV3Schema", "schema"),
		"not structural":    strings.ReplaceAll(usable, "type: object", "title: object"),
		"a deep schema":     strings.Replace(usable, "type: object", deepSchema(), 1),
		"wrong expressions": strings.ReplaceAll(usable, "self.min <= self.max", "self.min <="),
	} {
		t.Run(name, func(t *testing.T) {
			asked := start(t)
			asked.setUp("1.36")
			asked.ask(map[string]any{"operation": "crd", "manifest": crd})
			answer := asked.ask(map[string]any{"operation": "create", "manifest": object})
			if answer["outcome"] == "accepted" {
				t.Errorf("the answer is %v", answer)
			}
			alive(t, asked)
		})
	}
}

func deepSchema() string {
	return "properties: {a: " + strings.Repeat("{properties: {a: ", 5000) + strings.Repeat("}}", 5000) + "}"
}

func TestTheLastCRDOfAKindCounts(t *testing.T) {
	asked := start(t)
	asked.setUp("1.36")
	crd := read(t, "testdata/crds/crate.yaml")
	object := "apiVersion: example.org/v1\nkind: Crate\nmetadata: {name: a}\nspec: {size: huge}\n"
	for _, step := range []struct{ crd, outcome string }{
		{crd, "refused"},
		{strings.Replace(crd, "[small, large]", "[small, large, huge]", 1), "accepted"},
		{crd, "refused"},
	} {
		asked.ask(map[string]any{"operation": "crd", "manifest": step.crd})
		answer := asked.ask(map[string]any{"operation": "create", "manifest": object})
		if answer["outcome"] != step.outcome {
			t.Errorf("the answer is %v", answer)
		}
	}
}

func TestSetup(t *testing.T) {
	for name, test := range map[string]struct {
		request map[string]any
		reason  string
	}{
		"another protocol": {map[string]any{"protocol": 2, "kubernetes": "1.36"}, "WrongProtocol"},
		"no protocol":      {map[string]any{"kubernetes": "1.36"}, "WrongProtocol"},
		"no version":       {map[string]any{"protocol": 1}, "BadRequest"},
		"a patch version":  {map[string]any{"protocol": 1, "kubernetes": "1.36.1"}, "BadRequest"},
		"an old version":   {map[string]any{"protocol": 1, "kubernetes": "1.32"}, "UnsupportedMinor"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := start(t)
			test.request["operation"] = "setup"
			if found := reason(t, asked.ask(test.request)); found != test.reason {
				t.Errorf("the reason is %s", found)
			}
			if found := reason(t, asked.ask(map[string]any{"operation": "create"})); found != "NotSetUp" {
				t.Errorf("the reason is %s", found)
			}
			asked.setUp("1.36")
			alive(t, asked)
		})
	}
}

func TestWhatCannotBeJudgedOfAVersionIsSaid(t *testing.T) {
	for minor, part := range map[string]string{
		"1.35": "between Kubernetes 1.35 and 1.36", "1.36": "", "1.37": "newer than Kubernetes 1.36",
	} {
		ready := start(t).setUp(minor)
		text, err := json.Marshal(ready["notJudged"])
		must(t, err)
		if ready["kubernetes"] != minor || !strings.Contains(string(text), part) || (part == "") != (string(text) == "[]") {
			t.Errorf("the answer is %v", ready)
		}
	}
}

// TestManyLargeCRDsAreNotAllKept uses 40 kinds, each of which takes about 30 MB of memory.
func TestManyLargeCRDsAreNotAllKept(t *testing.T) {
	asked := start(t)
	asked.setUp("1.36")
	crd := strings.Replace(read(t, "testdata/crds/crate.yaml"), "            properties:\n", large(), 1)
	for number := range 40 {
		kind := fmt.Sprintf("Crate%02d", number)
		text := strings.ReplaceAll(crd, "kind: Crate", "kind: "+kind)
		asked.ask(map[string]any{"operation": "crd", "manifest": text})
		object := "apiVersion: example.org/v1\nkind: " + kind + "\nmetadata: {name: a}\nspec: {size: small}\n"
		answer := asked.ask(map[string]any{"operation": "create", "manifest": object})
		if answer["outcome"] != "accepted" {
			t.Fatalf("the answer is %v", answer)
		}
	}
	peak := peakMemory(t, asked)
	if t.Logf("%d MB were used at most", peak); peak > 700 {
		t.Errorf("that is too much")
	}
}

func large() string {
	text := strings.Builder{}
	text.WriteString("            properties:\n")
	for number := range 3000 {
		fmt.Fprintf(&text, "              field%d: {type: object, properties: {a: {type: string},"+
			" b: {type: integer, minimum: 1}, c: {type: array, items: {type: string}}}}\n", number)
	}
	return text.String()
}

func peakMemory(t *testing.T, asked *program) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", asked.command.Process.Pid))
	if err != nil {
		t.Skip("there is no /proc on this machine")
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes := 0
	_, err = fmt.Sscan(rest, &kilobytes)
	must(t, err)
	return kilobytes / 1024
}

// TestNothingIsOpened looks at what the running program holds open before and after its work.
func TestNothingIsOpened(t *testing.T) {
	asked := start(t)
	asked.send("")
	before := opened(t, asked)
	asked.setUp("1.36")
	asked.ask(map[string]any{"operation": "crd", "manifest": read(t, "testdata/crds/crate.yaml")})
	object := read(t, "testdata/1.36/create/custom.yaml")
	asked.ask(map[string]any{"operation": "create", "manifest": object})
	alive(t, asked)
	for name := range opened(t, asked) {
		if !before[name] {
			t.Errorf("%s is open", name)
		}
	}
}

func opened(t *testing.T, asked *program) map[string]bool {
	t.Helper()
	folder := fmt.Sprintf("/proc/%d/fd", asked.command.Process.Pid)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Skip("there is no /proc on this machine")
	}
	found := map[string]bool{}
	for _, entry := range entries {
		target, err := os.Readlink(folder + "/" + entry.Name())
		must(t, err)
		found[target] = true
	}
	return found
}
