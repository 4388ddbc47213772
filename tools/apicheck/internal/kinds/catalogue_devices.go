package kinds

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/kubernetes/pkg/apis/resource"
	"k8s.io/kubernetes/pkg/registry/resource/deviceclass"
	"k8s.io/kubernetes/pkg/registry/resource/resourceclaim"
	"k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate"
	"k8s.io/kubernetes/pkg/registry/resource/resourceslice"
)

const resourceGroup = "resource.k8s.io"

// deviceStrategies are the rules of dynamic resource allocation.
var deviceStrategies = catalogue{
	{Group: resourceGroup, Kind: "DeviceClass"}:           deviceclass.Strategy,
	{Group: resourceGroup, Kind: "ResourceClaim"}:         resourceclaim.NewStrategy(namespaces{}, nil),
	{Group: resourceGroup, Kind: "ResourceClaimTemplate"}: resourceclaimtemplate.NewStrategy(namespaces{}),
	{Group: resourceGroup, Kind: "ResourceSlice"}:         resourceslice.Strategy,
}

// namespaces replaces the Namespaces of a cluster. Each allows administrative access to devices,
// because the real one is not known.
type namespaces struct {
	corev1client.NamespaceInterface
}

func (namespaces) Get(
	_ context.Context, name string, _ metav1.GetOptions,
) (*corev1.Namespace, error) {
	labels := map[string]string{resource.DRAAdminNamespaceLabelKey: "true"}
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}, nil
}
