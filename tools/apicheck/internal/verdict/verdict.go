// Package verdict contains the operations. Each applies the rules of a kind in the order of the API
// server.
package verdict

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// NotServed is the reason for a kind that the API server does not serve. Like the reasons in
// decode.go, it is not a reason of the server.
const NotServed = "NotServed"

func absent(why *kinds.Absent) protocol.Verdict {
	if why.Unknown {
		return protocol.Verdict{Outcome: protocol.NotChecked, Why: why.Message}
	}
	return refused([]protocol.Cause{
		{Field: "apiVersion", Reason: NotServed, Message: why.Message},
	})
}

// verdictOf returns the verdict on an object that has these faults.
func verdictOf(causes []protocol.Cause) protocol.Verdict {
	if len(causes) > 0 {
		return refused(causes)
	}
	return protocol.Verdict{Outcome: protocol.Accepted}
}

func refused(causes []protocol.Cause) protocol.Verdict {
	return protocol.Verdict{Outcome: protocol.Refused, Causes: sorted(causes)}
}

func notChecked(why string) protocol.Verdict {
	return protocol.Verdict{Outcome: protocol.NotChecked, Why: why}
}

// sameKind returns whether one object can be an update of the other.
func sameKind(before, after *manifest.Manifest) bool {
	return groupKind(before) == groupKind(after)
}

func groupKind(text *manifest.Manifest) schema.GroupKind { return text.Kind.GroupKind() }
