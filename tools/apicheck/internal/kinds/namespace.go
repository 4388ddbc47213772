package kinds

import (
	"reflect"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/core"
	podsecurity "k8s.io/pod-security-admission/api"
)

// podSecurityLabels validates the labels of a Namespace as the admission plugin PodSecurity does. The
// plugin's rules for the Pods in the Namespace depend on several objects and are not applied.
func podSecurityLabels(object, old runtime.Object) error {
	errors := labelErrors(object)
	if len(errors) == 0 || old != nil && reflect.DeepEqual(errors, labelErrors(old)) {
		return nil
	}
	name := object.(*core.Namespace).Name
	return apierrors.NewInvalid(schema.GroupKind{Kind: "Namespace"}, name, errors)
}

func labelErrors(object runtime.Object) field.ErrorList {
	_, errors := podsecurity.PolicyToEvaluate(object.(*core.Namespace).Labels, podsecurity.Policy{})
	return errors
}
