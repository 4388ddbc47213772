package kinds

import (
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/endpoint"
	"k8s.io/kubernetes/pkg/registry/core/event"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/node"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/podtemplate"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
)

// coreStrategies are the rules of the core group.
var coreStrategies = catalogue{
	{Kind: "ConfigMap"}:                     configmap.Strategy,
	{Kind: "Endpoints"}:                     endpoint.Strategy,
	{Kind: "Event"}:                         event.Strategy,
	{Kind: "LimitRange"}:                    limitrange.Strategy,
	{Kind: "Namespace"}:                     namespace.Strategy,
	{Kind: "Node"}:                          node.Strategy,
	{Kind: "PersistentVolume"}:              persistentvolume.Strategy,
	{Kind: "PersistentVolumeClaim"}:         persistentvolumeclaim.Strategy,
	{Kind: "Pod"}:                           pod.Strategy,
	{Kind: "PodTemplate"}:                   podtemplate.Strategy,
	{Kind: "ReplicationController"}:         replicationcontroller.Strategy,
	{Kind: "ResourceQuota"}:                 resourcequota.Strategy,
	{Kind: "Secret"}:                        secret.Strategy,
	{Kind: "Service"}:                       service.Strategy,
	{Kind: "ServiceAccount"}:                serviceaccount.Strategy,
	{Group: "events.k8s.io", Kind: "Event"}: event.Strategy,
}
