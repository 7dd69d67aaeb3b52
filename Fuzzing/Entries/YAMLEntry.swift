import Configuration
import Policies

/// Files that operators write: policies, and settings of both programs.
enum YAMLEntry {
    static func run(_ bytes: [UInt8]) throws {
        if let file = try? PolicyFile(bytes: bytes, name: "policies.yaml") {
            for test in file.tests { _ = test.run(on: file.set) }
            let diff = PolicyDiff(from: file.policies, to: file.policies)
            try promise(diff.isEmpty, "a file differs from itself")
        }
        guard let root = try? ConfigurationFile(bytes: bytes, name: "settings.yaml").root else { return }
        _ = try? root.string("listen")
        _ = try? root.integer("limit", in: 0...10)
        _ = try? root.boolean("flag")
        _ = try? root.strings("names")
        _ = try? root.secret("secret")
        _ = try? root.sections("providers")?.map { try $0.requiredString("name") }
        _ = try? root.section("delivery")?.finish()
        _ = try? root.finish()
    }
}
