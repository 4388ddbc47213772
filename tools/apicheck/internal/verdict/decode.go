package verdict

import (
	"regexp"

	"k8s.io/apimachinery/pkg/runtime"

	"gitops-gen/tools/apicheck/internal/fields"
	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// The reasons for what cannot be decoded. The server answers with one message and no causes.
const (
	UnknownField   = "UnknownField"
	DuplicateField = "DuplicateField"
	WrongType      = "WrongType"
)

// decode gives the object, or the causes for which strict decoding refuses it.
func decode(kind *kinds.Kind, text *manifest.Manifest) (runtime.Object, []protocol.Cause) {
	object, strict, err := kind.Codec.Decode(text.JSON)
	if err != nil {
		field := fields.String(locate(kind.Codec, text.JSON, err.Error()))
		return nil, []protocol.Cause{{Field: field, Reason: WrongType, Message: err.Error()}}
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
