package protocol

import "fmt"

// Reason is why a request got no result.
type Reason string

// The reasons of a Problem.
const (
	BadRequest       Reason = "BadRequest"
	TooLarge         Reason = "TooLarge"
	UnsupportedMinor Reason = "UnsupportedMinor"
	WrongProtocol    Reason = "WrongProtocol"
	NotSetUp         Reason = "NotSetUp"
	Internal         Reason = "Internal"
)

// Problem is the answer to a request that cannot be processed.
type Problem struct {
	Reason  Reason `json:"reason"`
	Message string `json:"message"`
}

func (p *Problem) Error() string { return fmt.Sprintf("%s: %s", p.Reason, p.Message) }

// Refuse makes a Problem.
func Refuse(reason Reason, format string, values ...any) *Problem {
	return problem(reason, format, values...)
}

// Answer is one line of output: either a result or an error. ID is 0 if the request had none.
type Answer struct {
	ID     int64    `json:"id"`
	Result any      `json:"result,omitempty"`
	Error  *Problem `json:"error,omitempty"`
}

// Outcome is the outcome of the validation of an object.
type Outcome string

// The three outcomes.
const (
	Accepted   Outcome = "accepted"
	Refused    Outcome = "refused"
	NotChecked Outcome = "notChecked"
)

// Cause is one fault of an object, as in the details of a Status of the API server.
type Cause struct {
	Field   string `json:"field"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	// Line is the line in the manifest, for a duplicate key in YAML.
	Line int `json:"line,omitempty"`
}

// Verdict is the result of create and update.
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	// Causes is sorted and contains no duplicates.
	Causes []Cause `json:"causes,omitempty"`
	// Why is the reason why an object was not checked.
	Why string `json:"why,omitempty"`
}

// Change is one field that the server would store differently from the manifest.
type Change struct {
	Field string `json:"field"`
	// Path contains the keys (strings) and indexes (integers) of Field.
	Path []any  `json:"path"`
	How  string `json:"how"`
	From any    `json:"from"`
	To   any    `json:"to,omitempty"`
}

// The ways in which a field changes.
const (
	Dropped = "dropped"
	Changed = "changed"
)

// NormalForm is the result of normalize.
type NormalForm struct {
	Outcome Outcome        `json:"outcome"`
	Changes []Change       `json:"changes,omitempty"`
	Object  map[string]any `json:"object,omitempty"`
	Why     string         `json:"why,omitempty"`
}

// State is whether a version of Kubernetes serves an API version.
type State string

// The states of an API version.
const (
	Served     State = "served"
	Deprecated State = "deprecated"
	Removed    State = "removed"
	NotYet     State = "notYet"
	Off        State = "off"
	Unknown    State = "unknown"
)

// MinorState is the state of an API version in one minor version of Kubernetes.
type MinorState struct {
	Kubernetes string `json:"kubernetes"`
	State      State  `json:"state"`
}

// Life is the result of lifecycle.
type Life struct {
	States       []MinorState `json:"states"`
	IntroducedIn string       `json:"introducedIn,omitempty"`
	DeprecatedIn string       `json:"deprecatedIn,omitempty"`
	RemovedIn    string       `json:"removedIn,omitempty"`
	Replacement  *Replacement `json:"replacement,omitempty"`
	Message      string       `json:"message,omitempty"`
}

// Replacement is what to use instead of an API version.
type Replacement struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

// Ready is the result of setup.
type Ready struct {
	Protocol int `json:"protocol"`
	// Sources is the digest of the sources that the program was built from.
	Sources string `json:"sources"`
	// Linked is the version of Kubernetes whose rules are linked.
	Linked string `json:"linked"`
	// Kubernetes is the minor version whose rules are applied.
	Kubernetes string `json:"kubernetes"`
	// Oldest is the oldest minor version that a request may choose.
	Oldest    string   `json:"oldest"`
	NotJudged []string `json:"notJudged"`
	Limits    Limits   `json:"limits"`
}

// Learned is the result of crd.
type Learned struct {
	CRDs int `json:"crds"`
}
