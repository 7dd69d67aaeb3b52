/// Whether what is written finds room on the disk.
public enum DiskRoom: Sendable, Equatable {
    case enough
    /// Somebody should make room.
    case little
    /// A write may fail at any moment.
    case none

    /// - Parameter free: bytes that may still be written.
    public init(free: Int) {
        self = free < 100 << 20 ? .none : free < 1024 << 20 ? .little : .enough
    }
}
