// Package protocol defines requests and answers: one JSON object in each line.
package protocol

import (
	"encoding/json"
	"fmt"

	kjson "sigs.k8s.io/json"
)

// Version is increased when the meaning of a request or of an answer changes.
const Version = 1

// The operations that a request can name.
const (
	Setup     = "setup"
	CRD       = "crd"
	Create    = "create"
	Update    = "update"
	Normalize = "normalize"
	Lifecycle = "lifecycle"
)

// The ways in which an update can be made.
const (
	Apply   = "apply"
	Replace = "replace"
)

// Request is one line of input. README.md lists the fields of each operation.
type Request struct {
	ID         int64  `json:"id"`
	Operation  string `json:"operation"`
	Protocol   int    `json:"protocol"`
	Kubernetes string `json:"kubernetes"`
	Manifest   string `json:"manifest"`
	Old        string `json:"old"`
	By         string `json:"by"`
}

// Parse parses a request. If it returns a Problem, the request contains the id, if there is one.
func Parse(line []byte) (Request, *Problem) {
	request := Request{}
	strict, err := kjson.UnmarshalStrict(line, &request)
	if err == nil && len(strict) > 0 {
		err = strict[0]
	}
	if err != nil {
		return Request{ID: idOf(line)}, problem(BadRequest, "%s", err)
	}
	if request.ID <= 0 {
		return request, problem(BadRequest, "id must be a positive integer")
	}
	return request, nil
}

func idOf(line []byte) int64 {
	found := struct {
		ID int64 `json:"id"`
	}{}
	_ = json.Unmarshal(line, &found)
	return found.ID
}

func problem(reason Reason, format string, values ...any) *Problem {
	return &Problem{Reason: reason, Message: fmt.Sprintf(format, values...)}
}
