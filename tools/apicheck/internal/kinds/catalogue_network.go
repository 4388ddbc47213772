package kinds

import (
	"k8s.io/kubernetes/pkg/registry/discovery/endpointslice"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/ipaddress"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/networking/servicecidr"
)

// networkStrategies are the rules of networks.
var networkStrategies = catalogue{
	{"discovery.k8s.io", "EndpointSlice"}:  endpointslice.Strategy,
	{"networking.k8s.io", "Ingress"}:       ingress.Strategy,
	{"networking.k8s.io", "IngressClass"}:  ingressclass.Strategy,
	{"networking.k8s.io", "IPAddress"}:     ipaddress.Strategy,
	{"networking.k8s.io", "NetworkPolicy"}: networkpolicy.Strategy,
	{"networking.k8s.io", "ServiceCIDR"}:   servicecidr.Strategy,
}
