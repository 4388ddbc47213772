package verdict

import (
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

// ofBoth returns the verdict on an object that one cluster refuses. A fault that depends on the
// cluster is not among its causes, as far as another cluster shows that.
func ofBoth(refusal, other protocol.Verdict) protocol.Verdict {
	switch {
	case other.Outcome == protocol.Accepted:
		return notChecked("this depends on the IP families of the cluster; a cluster with IPv4 " +
			"alone refuses the object: " + sentence(refusal.Causes))
	case other.Outcome == protocol.Refused && len(other.Causes) < len(refusal.Causes):
		return other
	}
	return refusal
}
