package verdict

import (
	"regexp"
	"slices"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// onAnyCluster judges an object of a kind whose rules depend on the IP families of the cluster. What
// one cluster accepts and another one refuses is not checked, because the cluster is not known.
func onAnyCluster(
	kind *kinds.Kind, judge func(*kinds.Kind) protocol.Verdict,
) protocol.Verdict {
	verdict := judge(kind)
	for _, storage := range kind.OtherStorages {
		if verdict.Outcome != protocol.Refused {
			return verdict
		}
		verdict = ofBoth(verdict, judge(on(kind, storage)))
	}
	return verdict
}

func on(kind *kinds.Kind, storage kinds.Storage) *kinds.Kind {
	other := *kind
	other.Storage = storage
	return &other
}

// ofBoth returns the verdict on an object that one cluster refuses. If both refuse it, a refusal that
// does not depend on the IP families is preferred.
func ofBoth(refusal, other protocol.Verdict) protocol.Verdict {
	switch {
	case other.Outcome == protocol.Accepted:
		return notChecked("this depends on the IP families of the cluster; a cluster with IPv4 " +
			"alone refuses the object: " + sentence(refusal.Causes))
	case other.Outcome == protocol.Refused && aboutCluster(refusal) && !aboutCluster(other):
		return other
	}
	return refusal
}

var clusterMessage = regexp.MustCompile(
	`: not configured on this cluster$|: this cluster is not configured for dual-stack`)

func aboutCluster(verdict protocol.Verdict) bool {
	return slices.ContainsFunc(verdict.Causes, func(cause protocol.Cause) bool {
		return clusterMessage.MatchString(cause.Message)
	})
}
