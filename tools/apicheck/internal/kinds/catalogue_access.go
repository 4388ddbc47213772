package kinds

import (
	"k8s.io/kubernetes/pkg/registry/certificates/certificates"
	"k8s.io/kubernetes/pkg/registry/coordination/lease"
	"k8s.io/kubernetes/pkg/registry/flowcontrol/flowschema"
	"k8s.io/kubernetes/pkg/registry/flowcontrol/prioritylevelconfiguration"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
)

// accessStrategies are the rules of access and the control of the API server.
var accessStrategies = catalogue{
	{"certificates.k8s.io", "CertificateSigningRequest"}:           certificates.Strategy,
	{"coordination.k8s.io", "Lease"}:                               lease.Strategy,
	{"flowcontrol.apiserver.k8s.io", "FlowSchema"}:                 flowschema.Strategy,
	{"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"}: prioritylevelconfiguration.Strategy,
	{"rbac.authorization.k8s.io", "ClusterRole"}:                   clusterrole.Strategy,
	{"rbac.authorization.k8s.io", "ClusterRoleBinding"}:            clusterrolebinding.Strategy,
	{"rbac.authorization.k8s.io", "Role"}:                          role.Strategy,
	{"rbac.authorization.k8s.io", "RoleBinding"}:                   rolebinding.Strategy,
}
