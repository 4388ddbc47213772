package protocol

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// lines gives what is read, with "!" for a line that is refused.
func lines(t *testing.T, text string, limit int) []string {
	t.Helper()
	found, reader := []string{}, NewLines(strings.NewReader(text), limit)
	for {
		line, problem, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return found
		case err != nil:
			t.Fatal(err)
		case problem != nil:
			found = append(found, "!")
		default:
			found = append(found, string(line))
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 100000)
	for name, test := range map[string]struct {
		text     string
		limit    int
		expected []string
	}{
		"nothing":                  {"", 10, []string{}},
		"two lines":                {"a\nb\n", 10, []string{"a", "b"}},
		"no end of the last line":  {"a\nb", 10, []string{"a", "b"}},
		"an empty line":            {"\na\n", 10, []string{"", "a"}},
		"exactly as long":          {"abc\nd\n", 3, []string{"abc", "d"}},
		"too long":                 {"abcd\ne\n", 3, []string{"!", "e"}},
		"the last one is too long": {"a\n" + long, 3, []string{"a", "!"}},
		"longer than the buffer":   {long + "\na\n", 100000, []string{long, "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			found := lines(t, test.text, test.limit)
			if strings.Join(found, "|") != strings.Join(test.expected, "|") {
				t.Errorf("%d lines were read", len(found))
			}
		})
	}
}
