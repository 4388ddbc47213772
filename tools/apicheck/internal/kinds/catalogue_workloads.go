package kinds

import (
	"k8s.io/kubernetes/pkg/registry/apps/controllerrevision"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/node/runtimeclass"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
)

// workloadsStrategies are the rules of workloads and what scales, schedules and protects them.
var workloadsStrategies = catalogue{
	{"apps", "ControllerRevision"}:             controllerrevision.Strategy,
	{"apps", "DaemonSet"}:                      daemonset.Strategy,
	{"apps", "Deployment"}:                     deployment.Strategy,
	{"apps", "ReplicaSet"}:                     replicaset.Strategy,
	{"apps", "StatefulSet"}:                    statefulset.Strategy,
	{"autoscaling", "HorizontalPodAutoscaler"}: horizontalpodautoscaler.Strategy,
	{"batch", "CronJob"}:                       cronjob.Strategy,
	{"batch", "Job"}:                           job.Strategy,
	{"node.k8s.io", "RuntimeClass"}:            runtimeclass.Strategy,
	{"policy", "PodDisruptionBudget"}:          poddisruptionbudget.Strategy,
	{"scheduling.k8s.io", "PriorityClass"}:     priorityclass.Strategy,
}
