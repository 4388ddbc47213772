package kinds

import (
	"context"
	"net"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/registry/core/service/ipallocator"
	"k8s.io/kubernetes/pkg/registry/core/service/portallocator"
	servicestorage "k8s.io/kubernetes/pkg/registry/core/service/storage"
)

// nodePorts is the default of kube-apiserver's flag --service-node-port-range.
const nodePorts = "30000-32767"

// ipFamilies are the IP families that a cluster can have, the primary one first. The most common
// cluster comes first.
var ipFamilies = [][]core.IPFamily{
	{core.IPv4Protocol},
	{core.IPv6Protocol},
	{core.IPv4Protocol, core.IPv6Protocol},
	{core.IPv6Protocol, core.IPv4Protocol},
}

// serviceStorages returns the storage of Services for each of the ipFamilies.
func serviceStorages() ([]Storage, error) {
	var found []Storage
	for _, families := range ipFamilies {
		storage, err := serviceStorage(families)
		if err != nil {
			return nil, err
		}
		found = append(found, storage)
	}
	return found, nil
}

// serviceStorage returns what the storage of Services does before the strategy: it fills in cluster
// IPs, IP families and node ports, and keeps what the server allocated to the old object.
func serviceStorage(families []core.IPFamily) (Storage, error) {
	ports, err := portallocator.NewInMemory(*utilnet.ParsePortRangeOrDie(nodePorts))
	if err != nil {
		return Storage{}, err
	}
	addresses := map[core.IPFamily]ipallocator.Interface{}
	for _, family := range families {
		addresses[family] = anyAddress{family}
	}
	store, _, _, err := servicestorage.NewREST(
		unstored{}, families[0], addresses, ports, nil, nil, nil)
	if err != nil {
		return Storage{}, err
	}
	return Storage{
		BeginCreate: func(ctx context.Context, object runtime.Object) error {
			finish, err := store.BeginCreate(ctx, object, &metav1.CreateOptions{})
			return undone(ctx, finish, err)
		},
		BeginUpdate: func(ctx context.Context, object, old runtime.Object) error {
			finish, err := store.BeginUpdate(ctx, object, old, &metav1.UpdateOptions{})
			return undone(ctx, finish, err)
		},
	}, nil
}

// undone releases what was allocated. A dry run, which allocates nothing, would accept a port that is
// not in the range.
func undone(ctx context.Context, finish registry.FinishFunc, err error) error {
	if err == nil {
		finish(ctx, false)
	}
	return err
}

// anyAddress allocates the same address to each Service and allows each address that a manifest asks
// for, because the range of the cluster is not known.
type anyAddress struct{ family core.IPFamily }

var (
	firstAddresses = map[core.IPFamily]net.IP{
		core.IPv4Protocol: net.IPv4(10, 0, 0, 1), core.IPv6Protocol: net.ParseIP("fd00::1"),
	}
	everyAddress = map[core.IPFamily]net.IPNet{
		core.IPv4Protocol: {IP: net.IPv4zero, Mask: net.CIDRMask(0, 32)},
		core.IPv6Protocol: {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)},
	}
)

func (anyAddress) Allocate(net.IP) error           { return nil }
func (a anyAddress) AllocateNext() (net.IP, error) { return firstAddresses[a.family], nil }
func (anyAddress) Release(net.IP) error            { return nil }
func (anyAddress) ForEach(func(net.IP))            {}
func (anyAddress) Has(net.IP) bool                 { return false }
func (anyAddress) Destroy()                        {}
func (anyAddress) EnableMetrics()                  {}
func (a anyAddress) IPFamily() core.IPFamily       { return a.family }
func (a anyAddress) DryRun() ipallocator.Interface { return a }
func (a anyAddress) CIDR() net.IPNet               { return everyAddress[a.family] }

// unstored creates the storage of a kind without a database.
type unstored struct{}

func (unstored) GetRESTOptions(
	resource schema.GroupResource, _ runtime.Object,
) (generic.RESTOptions, error) {
	config := &storagebackend.ConfigForResource{GroupResource: resource}
	return generic.RESTOptions{
		StorageConfig: config, Decorator: noDatabase, ResourcePrefix: resource.Resource,
	}, nil
}

func noDatabase(
	*storagebackend.ConfigForResource, string, func(runtime.Object) (string, error),
	func() runtime.Object, func() runtime.Object, storage.AttrFunc, storage.IndexerFuncs,
	*cache.Indexers,
) (storage.Interface, factory.DestroyFunc, error) {
	return nil, func() {}, nil
}
