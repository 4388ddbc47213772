package verdict

import (
	"errors"
	"regexp"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"gitops-gen/tools/apicheck/internal/fields"
	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// The reasons of faults that prevent decoding. The server answers with one message and no causes.
const (
	UnknownField   = "UnknownField"
	DuplicateField = "DuplicateField"
	WrongType      = "WrongType"
)

// decode returns the object, or the causes for which strict decoding refuses it.
func decode(kind *kinds.Kind, text *manifest.Manifest) (runtime.Object, []protocol.Cause) {
	object, strict, err := kind.Codec.Decode(text.JSON)
	if err != nil {
		return nil, []protocol.Cause{undecodable(kind.Codec, text.JSON, err)}
	}
	var causes []protocol.Cause
	for _, duplicate := range text.Duplicates {
		causes = append(causes, protocol.Cause{
			Field: duplicate.Field, Reason: DuplicateField, Line: duplicate.Line,
			Message: `duplicate field "` + duplicate.Field + `"`,
		})
	}
	for _, fault := range strict {
		causes = append(causes, strictCause(fault.Error()))
	}
	return object, causes
}

func undecodable(codec kinds.Codec, text []byte, err error) protocol.Cause {
	var fault *field.Error
	if !errors.As(err, &fault) {
		place := fields.String(locate(codec, text, err.Error()))
		return protocol.Cause{Field: place, Reason: WrongType, Message: err.Error()}
	}
	fault = first(codec, text, fault)
	return protocol.Cause{Field: fault.Field, Reason: WrongType, Message: fault.Error()}
}

// again is how often an object is decoded to find all faults of its metadata. The decoder reports one
// of them, in the random order of a Go map.
const again = 16

func first(codec kinds.Codec, text []byte, fault *field.Error) *field.Error {
	for range again {
		var other *field.Error
		_, _, err := codec.Decode(text)
		if errors.As(err, &other) && other.Error() < fault.Error() {
			fault = other
		}
	}
	return fault
}

var strictMessage = regexp.MustCompile(`^(unknown|duplicate) field "(.*)"$`)

func strictCause(message string) protocol.Cause {
	parts := strictMessage.FindStringSubmatch(message)
	switch {
	case parts == nil:
		return protocol.Cause{Reason: WrongType, Message: message}
	case parts[1] == "unknown":
		return protocol.Cause{Field: parts[2], Reason: UnknownField, Message: message}
	}
	return protocol.Cause{Field: parts[2], Reason: DuplicateField, Message: message}
}
