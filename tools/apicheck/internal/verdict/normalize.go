package verdict

import (
	kjson "sigs.k8s.io/json"

	"gitops-gen/tools/apicheck/internal/fields"
	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// Normalize returns an object as the server stores it, and the fields that differ from the manifest.
func Normalize(all *kinds.Kinds, text *manifest.Manifest) protocol.NormalForm {
	kind, why := all.Find(text.Kind)
	if why != nil {
		return protocol.NormalForm{Outcome: protocol.NotChecked, Why: why.Message}
	}
	object, causes := decode(kind, text)
	if len(causes) > 0 {
		return unnormalized("the API server refuses the object: " + causes[0].Message)
	}
	if causes := create(kind, object); len(causes) > 0 {
		return unaccepted(Create(all, text), causes)
	}
	encoded, err := kind.Codec.Encode(object)
	if err != nil {
		return unnormalized("the object cannot be encoded: " + err.Error())
	}
	return compared(text.JSON, encoded)
}

// unaccepted returns that an object has no normal form, because the server does not accept it.
func unaccepted(verdict protocol.Verdict, causes []protocol.Cause) protocol.NormalForm {
	if verdict.Outcome == protocol.NotChecked {
		return unnormalized(verdict.Why)
	}
	return unnormalized("the API server refuses the object: " + sentence(causes))
}

func unnormalized(why string) protocol.NormalForm {
	return protocol.NormalForm{Outcome: protocol.NotChecked, Why: why}
}

func compared(text, encoded []byte) protocol.NormalForm {
	var given, normal map[string]any
	if err := kjson.UnmarshalCaseSensitivePreserveInts(text, &given); err != nil {
		return unnormalized(err.Error())
	}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(encoded, &normal); err != nil {
		return unnormalized(err.Error())
	}
	dropMadeUp(given, normal)
	return protocol.NormalForm{
		Outcome: protocol.Accepted, Object: normal, Changes: differences(nil, given, normal),
	}
}

// dropMadeUp removes fields that the server sets when it stores an object.
func dropMadeUp(given, normal map[string]any) {
	delete(normal, "status")
	if metadata, ok := normal["metadata"].(map[string]any); ok {
		for _, key := range []string{
			"uid", "creationTimestamp", "generation", "resourceVersion", "managedFields", "selfLink",
		} {
			delete(metadata, key)
		}
	}
	if normal["kind"] == "Service" && normal["apiVersion"] == "v1" {
		dropAllocated(given, normal)
	}
}

// dropAllocated removes the addresses and ports that the manifest of a Service does not contain.
func dropAllocated(given, normal map[string]any) {
	from, _ := given["spec"].(map[string]any)
	to, _ := normal["spec"].(map[string]any)
	for _, key := range []string{"clusterIP", "clusterIPs", "healthCheckNodePort"} {
		if from[key] == nil && from["clusterIP"] == nil {
			delete(to, key)
		}
	}
	fromPorts, _ := from["ports"].([]any)
	toPorts, _ := to["ports"].([]any)
	for index := range min(len(fromPorts), len(toPorts)) {
		fromPort, _ := fromPorts[index].(map[string]any)
		toPort, _ := toPorts[index].(map[string]any)
		if fromPort["nodePort"] == nil {
			delete(toPort, "nodePort")
		}
	}
}

// differences returns the fields of `given` that `normal` lacks or has with another value. Fields that
// the server adds are not differences, and null equals a missing field.
func differences(path []any, given, normal any) []protocol.Change {
	switch value := given.(type) {
	case nil:
		return nil
	case map[string]any:
		if other, ok := normal.(map[string]any); ok {
			return inMaps(path, value, other)
		}
	case []any:
		if other, ok := normal.([]any); ok {
			return inLists(path, value, other)
		}
	default:
		if sameNumber(given, normal) || given == normal {
			return nil
		}
	}
	return []protocol.Change{changed(path, given, normal)}
}

func changed(path []any, given, normal any) protocol.Change {
	change := protocol.Change{
		Field: fields.String(path), Path: path, How: protocol.Changed, From: given, To: normal,
	}
	if normal == nil {
		change.How = protocol.Dropped
	}
	return change
}

// sameNumber returns whether an integer and a fraction are equal, such as 1 and 1.0.
func sameNumber(one, other any) bool {
	whole, isWhole := one.(int64)
	fraction, isFraction := other.(float64)
	if !isWhole || !isFraction {
		whole, isWhole = other.(int64)
		fraction, isFraction = one.(float64)
	}
	return isWhole && isFraction && float64(whole) == fraction
}
