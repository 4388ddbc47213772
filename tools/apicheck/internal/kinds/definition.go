package kinds

import (
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/runtime"
)

// establish sets the status of a CustomResourceDefinition whose kind is served. Its names cannot be
// changed then.
func establish(object runtime.Object) {
	crd, ok := object.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return
	}
	crd.Status.AcceptedNames = crd.Spec.Names
	for _, condition := range []apiextensions.CustomResourceDefinitionConditionType{
		apiextensions.NamesAccepted, apiextensions.Established,
	} {
		apiextensions.SetCRDCondition(crd, apiextensions.CustomResourceDefinitionCondition{
			Type: condition, Status: apiextensions.ConditionTrue,
		})
	}
}
