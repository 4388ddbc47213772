package kinds

import (
	"k8s.io/kubernetes/pkg/registry/storage/csidriver"
	"k8s.io/kubernetes/pkg/registry/storage/csinode"
	"k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
	"k8s.io/kubernetes/pkg/registry/storage/volumeattachment"
	"k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass"
)

// storageStrategies are the rules of storage.
var storageStrategies = catalogue{
	{"storage.k8s.io", "CSIDriver"}:             csidriver.Strategy,
	{"storage.k8s.io", "CSINode"}:               csinode.Strategy,
	{"storage.k8s.io", "CSIStorageCapacity"}:    csistoragecapacity.Strategy,
	{"storage.k8s.io", "StorageClass"}:          storageclass.Strategy,
	{"storage.k8s.io", "VolumeAttachment"}:      volumeattachment.Strategy,
	{"storage.k8s.io", "VolumeAttributesClass"}: volumeattributesclass.Strategy,
}
