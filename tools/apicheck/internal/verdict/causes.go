package verdict

import (
	"cmp"
	"errors"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// causesOf returns the causes of an error, as the API server of the chosen version gives them.
func causesOf(kind *kinds.Kind, err error) []protocol.Cause {
	found := causesIn(err)
	if kind.Older != nil {
		return kind.Older(found)
	}
	return found
}

// causesIn returns the causes of an error as a client of the API server sees them in a Status. An
// error without causes is one cause without a field.
func causesIn(err error) []protocol.Cause {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return []protocol.Cause{{Reason: string(protocol.Internal), Message: err.Error()}}
	}
	details := status.Status().Details
	if details == nil || len(details.Causes) == 0 {
		return []protocol.Cause{
			{Reason: string(status.Status().Reason), Message: status.Status().Message},
		}
	}
	var found []protocol.Cause
	for _, cause := range details.Causes {
		found = append(found, protocol.Cause{
			Field: cause.Field, Reason: string(cause.Type), Message: cause.Message,
		})
	}
	return found
}

// sentence returns a cause as one text. Refusals have at least one cause.
func sentence(causes []protocol.Cause) string {
	if causes[0].Field == "" {
		return causes[0].Message
	}
	return causes[0].Field + ": " + causes[0].Message
}

// sorted sorts causes and drops duplicates. Rules iterate over Go maps, whose order is random.
func sorted(causes []protocol.Cause) []protocol.Cause {
	slices.SortFunc(causes, func(a, b protocol.Cause) int {
		return cmp.Or(
			cmp.Compare(a.Field, b.Field), cmp.Compare(a.Reason, b.Reason),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(causes)
}
