import Glibc

/// A file of settings in YAML. All of it is optional; what stands in it must be known and right.
///
/// ```swift
/// let file = try ConfigurationFile(path: "data/countersign.yaml")
/// let listen = try file.root.string("listen") ?? "127.0.0.1:3000"
/// let port = try file.root.section("smtp")?.integer("port", in: 1...65535)
/// try file.root.finish()
/// ```
public struct ConfigurationFile {
    /// The largest file that is read unless its reader allows more, in bytes.
    public static let largest = 256 * 1_024
    /// Sections and lists inside each other, at most, unless a file's reader allows more.
    public static let deepest = 8

    /// The settings on the outermost level.
    public let root: Section

    /// Reads the file at `path`. A file that does not exist is an empty one.
    ///
    /// - Parameter credentials: what settings that say `credential:NAME` mean.
    /// - Throws: `ConfigurationError` if it cannot be read, is larger than `largest`, is not UTF-8 or not YAML, is more
    ///   than 8 levels deep, names a setting twice, or uses anchors, aliases, tags, directives or several documents.
    public init(
        path: String, largest: Int = largest, credentials: CredentialFolder = .ofProcess
    ) throws(ConfigurationError) {
        try self.init(
            bytes: try Self.read(path, largest: largest), name: path, largest: largest, credentials: credentials)
    }

    /// Reads settings that are in memory already. `name` stands for the file in errors.
    public init(
        bytes: [UInt8], name: String, largest: Int = largest, deepest: Int = deepest,
        credentials: CredentialFolder = .ofProcess
    ) throws(ConfigurationError) {
        guard bytes.count <= largest else { throw Self.tooLarge(name, largest) }
        let document = try YAMLComposer(bytes, file: name, deepest: deepest).document()
        guard let document, !document.isEmpty else {
            root = Section(file: name, line: nil, path: "", entries: [], credentials: credentials)
            return
        }
        guard case .mapping(let entries) = document.content else {
            throw ConfigurationError(
                file: name, line: document.line, message: "the file must hold settings (name: value)")
        }
        root = Section(file: name, line: nil, path: "", entries: entries, credentials: credentials)
    }

    private static func read(_ path: String, largest: Int) throws(ConfigurationError) -> [UInt8] {
        // Not blocking: opening a pipe would otherwise wait for someone to write into it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw cannotBeRead(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw cannotBeRead(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ConfigurationError(file: path, line: nil, message: "is no regular file")
        }
        // One byte more than allowed tells a file that is too large, even one that grows meanwhile.
        var bytes = [UInt8](repeating: 0, count: largest + 1)
        var count = 0
        while count < bytes.count {
            let result = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw cannotBeRead(path, errno) }
            if result == 0 { break }
            count += result
        }
        guard count <= largest else { throw tooLarge(path, largest) }
        return Array(bytes.prefix(count))
    }

    private static func cannotBeRead(_ path: String, _ number: Int32) -> ConfigurationError {
        let cause = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return ConfigurationError(file: path, line: nil, message: "cannot be read: \(cause)")
    }

    private static func tooLarge(_ name: String, _ largest: Int) -> ConfigurationError {
        ConfigurationError(file: name, line: nil, message: "is larger than \(largest / 1_024) KiB")
    }
}
