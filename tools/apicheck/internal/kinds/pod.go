package kinds

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/apis/core"
)

// defaultAccount is what the ServiceAccount admission plugin fills in first of all. Whether the
// account exists, and the token that the plugin mounts, are questions between objects.
func defaultAccount(_ context.Context, object runtime.Object) error {
	if pod, ok := object.(*core.Pod); ok && pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
	}
	return nil
}
