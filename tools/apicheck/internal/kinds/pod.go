package kinds

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/apis/core"
)

// defaultAccount sets the ServiceAccount of a Pod as the admission plugin ServiceAccount does. The
// plugin's other rules depend on whether the account exists, and are not applied.
func defaultAccount(_ context.Context, object runtime.Object) error {
	if pod, ok := object.(*core.Pod); ok && pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
	}
	return nil
}
