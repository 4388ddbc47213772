package kinds

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/version"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// changedRule is a rule that changed in a version of Kubernetes without a feature gate.
type changedRule struct {
	in *version.Version
	// older turns the causes of the new rule into those of the old one.
	older func([]protocol.Cause) []protocol.Cause
}

var v136 = version.MajorMinor(1, 36)

// changedRules are those of built-in kinds. The comparison with an older API server found them.
var changedRules = map[schema.GroupKind]changedRule{
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: numericFormats,
	{Group: "autoscaling", Kind: "HorizontalPodAutoscaler"}:           {v136, olderMaxReplicas},
	{Group: "node.k8s.io", Kind: "RuntimeClass"}:                      {v136, olderHandler},
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                   {v136, olderStorageClass},
	{Group: "storage.k8s.io", Kind: "VolumeAttachment"}:               {v136, olderAttachment},
}

// numericFormats is the rule that a number fits the format in the schema of a CRD.
var numericFormats = changedRule{v136, withoutNumericFormats}

func (k *Kinds) older(rule changedRule) func([]protocol.Cause) []protocol.Cause {
	if rule.in == nil || !k.minor.LessThan(rule.in) {
		return nil
	}
	return rule.older
}

// ofFormat is how the message begins that a number does not fit its format.
var ofFormat = regexp.MustCompile(
	`: (Checked|(Minimum|Maximum) boundary|MultipleOf) value must be of type (integer|number)`)

// withoutNumericFormats drops what is said about the format of a number. Where a limit does not fit
// the format, it drops what is said about the limit too: the older rule converts the limit wrongly.
func withoutNumericFormats(causes []protocol.Cause) []protocol.Cause {
	wrongLimit := map[string]bool{}
	for _, cause := range causes {
		if ofFormat.MatchString(cause.Message) && strings.Contains(cause.Message, " boundary ") {
			wrongLimit[cause.Field] = true
		}
	}
	return slices.DeleteFunc(causes, func(cause protocol.Cause) bool {
		return ofFormat.MatchString(cause.Message) ||
			wrongLimit[cause.Field] && strings.Contains(cause.Message, "in body should be ")
	})
}

func olderMaxReplicas(causes []protocol.Cause) []protocol.Cause {
	path := field.NewPath("spec", "maxReplicas")
	for index, cause := range causes {
		if cause.Field != path.String() {
			continue
		}
		if cause.Reason == string(field.ErrorTypeRequired) {
			causes[index] = causeOf(field.Invalid(path, 0, "must be greater than 0"))
		}
		causes[index].Message = strings.Replace(
			causes[index].Message, "must be greater than or equal to 1", "must be greater than 0", 1)
	}
	return causes
}

func olderHandler(causes []protocol.Cause) []protocol.Cause {
	path := field.NewPath("handler")
	for index, cause := range causes {
		if cause.Field == path.String() && cause.Reason == string(field.ErrorTypeRequired) {
			message := validation.NameIsDNSLabel("", false)[0]
			causes[index] = causeOf(field.Invalid(path, "", message))
		}
	}
	return causes
}

// immutable is how the message ends that a field cannot be changed.
const immutable = ": field is immutable"

func olderStorageClass(causes []protocol.Cause) []protocol.Cause {
	for index, cause := range causes {
		name := cause.Field
		if strings.HasSuffix(cause.Message, immutable) && name != "volumeBindingMode" {
			causes[index] = causeOf(
				field.Forbidden(field.NewPath(name), "updates to "+name+" are forbidden."))
		}
	}
	return causes
}

// olderAttachment drops the form of names from the causes of an update: the older rule requires it
// of new objects only.
func olderAttachment(causes []protocol.Cause) []protocol.Cause {
	if !slices.ContainsFunc(causes, func(cause protocol.Cause) bool {
		return cause.Field == "spec" && strings.HasSuffix(cause.Message, immutable)
	}) {
		return causes
	}
	return slices.DeleteFunc(causes, func(cause protocol.Cause) bool {
		return cause.Reason != string(field.ErrorTypeRequired) &&
			(cause.Field == "spec.attacher" || cause.Field == "spec.source.persistentVolumeName")
	})
}

func causeOf(fault *field.Error) protocol.Cause {
	return protocol.Cause{
		Field: fault.Field, Reason: string(fault.Type), Message: fault.ErrorBody(),
	}
}
