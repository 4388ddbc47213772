package kinds

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"

	"gitops-gen/tools/apicheck/internal/minor"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// life contains the versions of Kubernetes that introduce, deprecate and remove a built-in kind.
type life struct {
	known                           bool
	off                             bool
	introduced, deprecated, removed *version.Version
	replacement                     schema.GroupVersionKind
	elsewhere                       func() string
}

type state protocol.State

func (s state) served() bool {
	return s == state(protocol.Served) || s == state(protocol.Deprecated)
}

func (k *Kinds) newerThanLinked() bool { return minor.Linked.LessThan(k.minor) }

func (k *Kinds) lifeOf(kind schema.GroupVersionKind) life {
	found := life{elsewhere: func() string { return k.storedElsewhere(kind) }}
	if kind.Version == runtime.APIVersionInternal {
		return found
	}
	object, err := scheme.New(kind)
	if err != nil {
		return found
	}
	found.known = true
	found.off = !stable.MatchString(kind.Version)
	found.read(object)
	return found
}

func (l *life) read(object runtime.Object) {
	if marked, ok := object.(interface{ APILifecycleIntroduced() (int, int) }); ok {
		l.introduced = minorOf(marked.APILifecycleIntroduced())
	}
	if marked, ok := object.(interface{ APILifecycleDeprecated() (int, int) }); ok {
		l.deprecated = minorOf(marked.APILifecycleDeprecated())
	}
	if marked, ok := object.(interface{ APILifecycleRemoved() (int, int) }); ok {
		l.removed = minorOf(marked.APILifecycleRemoved())
	}
	if marked, ok := object.(interface {
		APILifecycleReplacement() schema.GroupVersionKind
	}); ok {
		l.replacement = marked.APILifecycleReplacement()
	}
}

func minorOf(major, minor int) *version.Version {
	return version.MajorMinor(uint(major), uint(minor))
}

func (l life) at(asked *version.Version) state {
	switch {
	case !l.known:
		return state(protocol.Unknown)
	case l.removed != nil && asked.AtLeast(l.removed):
		return state(protocol.Removed)
	case l.introduced != nil && asked.LessThan(l.introduced):
		return state(protocol.NotYet)
	case l.off:
		return state(protocol.Off)
	case l.deprecated != nil && asked.AtLeast(l.deprecated):
		return state(protocol.Deprecated)
	}
	return state(protocol.Served)
}

// hint returns why a kind is not served or is deprecated, and its replacement.
func (l life) hint(asked *version.Version) string {
	why := ""
	switch protocol.State(l.at(asked)) {
	case protocol.Served:
		return ""
	case protocol.Deprecated:
		why = fmt.Sprintf("it is deprecated since Kubernetes %s", l.deprecated)
	case protocol.Removed:
		why = fmt.Sprintf("it was removed in Kubernetes %s", l.removed)
	case protocol.NotYet:
		why = fmt.Sprintf("it is new in Kubernetes %s", l.introduced)
	case protocol.Off:
		why = "alpha and beta versions are not enabled by default"
	}
	return joined(why, l.instead())
}

func (l life) instead() string {
	if !l.replacement.Empty() {
		return fmt.Sprintf("use %s %s", l.replacement.GroupVersion(), l.replacement.Kind)
	}
	return l.elsewhere()
}

func joined(one, other string) string {
	if one != "" && other != "" {
		return one + "; " + other
	}
	return one + other
}
