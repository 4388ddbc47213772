package fields

import "testing"

func TestString(t *testing.T) {
	for expected, path := range map[string][]any{
		"":                                  nil,
		"spec":                              {"spec"},
		"spec.containers[0].image":          {"spec", "containers", 0, "image"},
		"metadata.labels[example.org/team]": {"metadata", "labels", "example.org/team"},
		"data[tls.crt]":                     {"data", "tls.crt"},
	} {
		if found := String(path); found != expected {
			t.Errorf("it is %s and not %s", found, expected)
		}
	}
}
