import Foundation

/// Where this checkout keeps what tests start.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func script(_ name: String) -> URL { root.appending(path: "scripts/test-servers/\(name)") }
}
