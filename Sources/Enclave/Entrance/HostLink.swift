import EnclaveLink

/// What runs between the host and this process.
struct HostLink {
    let frames: OwnedDescriptor
    /// Over which descriptors arrive.
    let descriptors: OwnedDescriptor
    /// Where the host came in; nil where it started this process.
    var door: HostDoor?
}
