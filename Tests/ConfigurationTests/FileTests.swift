import Foundation
import Testing

@testable import Configuration

@Suite("A configuration file")
struct FileTests {
    @Test(
        "may be missing, empty or hold comments only",
        arguments: ["", "# nothing\n", "---\n", "\n\n", "~", "---\n...\n"])
    func empty(text: String) throws {
        try settings(text).finish()
        try ConfigurationFile(path: "/nowhere/at/all.yaml").root.finish()
    }

    @Test(
        "is refused when it is no YAML, or YAML that settings do not need; the message has the line",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", "test.yaml:3: \"a\" stands here a second time; the first is in line 1"),
            ("s:\n  a: 1\n  \"a\": 2\n", "test.yaml:3: \"a\" stands here a second time; the first is in line 2"),
            ("a: 1\nb: &x 2\n", "test.yaml:2: anchors (&) are not allowed in this file"),
            ("b: &x [2]\n", "test.yaml:1: anchors (&) are not allowed in this file"),
            ("a: 1\nb: &x {c: 2}\n", "test.yaml:2: anchors (&) are not allowed in this file"),
            ("a: 1\nb: *x\n", "test.yaml:2: aliases (*) are not allowed in this file"),
            ("a: !!str 1\n", "test.yaml:1: tags (!) are not allowed in this file"),
            ("a: !x [1]\n", "test.yaml:1: tags (!) are not allowed in this file"),
            ("!x\na: 1\n", "test.yaml:1: tags (!) are not allowed in this file"),
            ("a: ! b\n", "test.yaml:1: tags (!) are not allowed in this file"),
            ("%YAML 1.1\n---\na: 1\n", "test.yaml:1: directives (%) are not allowed in this file"),
            ("%TAG ! tag:x,2000:\n---\na: 1\n", "test.yaml:1: directives (%) are not allowed in this file"),
            ("a: 1\n---\nb: 2\n", "test.yaml:2: a second document (---) is not allowed in this file"),
            ("a: 1\n? [b]\n: 2\n", "test.yaml:2: a name must be text, not a list or section"),
            ("- a\n- b\n", "test.yaml:1: the file must hold settings (name: value)"),
            ("\njust text\n", "test.yaml:2: the file must hold settings (name: value)"),
            ("a: 1\n  b: 2\n", "test.yaml:2: is not valid YAML: mapping values are not allowed in this context"),
        ])
    func refused(text: String, message: String) { #expect(refusal(of: text) == message) }

    @Test("that is not UTF-8 is refused with the line of the first wrong byte")
    func encoding() {
        for bytes in [[0xff, 0x41], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x07], [0x00]] as [[UInt8]] {
            let text = Array("a: 1\nb: 2\nc: ".utf8) + bytes + Array("\n".utf8)
            let message = refusal { () throws(ConfigurationError) in
                _ = try ConfigurationFile(bytes: text, name: "test.yaml")
            }
            #expect(message?.hasPrefix("test.yaml:3: is not UTF-8 text: ") == true, "\(bytes): \(message ?? "")")
        }
    }

    @Test("is eight levels deep at most")
    func depth() {
        func nested(_ levels: Int) -> String {
            (0..<levels).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        }
        // The outermost section is a level, too; the innermost `a:` has no value.
        #expect(refusal(of: nested(8)) == nil)
        #expect(refusal(of: nested(9)) == "test.yaml:9: is more than 8 levels deep")
        #expect(refusal(of: "a: [[[[[[[1]]]]]]]") == nil)
        #expect(refusal(of: "a: [[[[[[[[1]]]]]]]]") == "test.yaml:1: is more than 8 levels deep")
    }

    @Test("is as deep as its reader allows")
    func allowedDepth() {
        func refusalWithNine(of text: String) -> String? {
            refusal { () throws(ConfigurationError) in
                _ = try ConfigurationFile(bytes: Array(text.utf8), name: "test.yaml", deepest: 9)
            }
        }
        #expect(refusalWithNine(of: "a: [[[[[[[[1]]]]]]]]") == nil)
        #expect(refusalWithNine(of: "a: [[[[[[[[[1]]]]]]]]]") == "test.yaml:1: is more than 9 levels deep")
    }

    @Test("made to be slow is refused at once", arguments: ["[", "{", "- ", "? ", "a: [\n", "&a ", "\"\\x"])
    func hostile(piece: String) {
        let text = String(repeating: piece, count: ConfigurationFile.largest / piece.utf8.count)
        let start = ContinuousClock.now
        #expect(refusal(of: text) != nil)
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test("is 256 KiB large at most, on the disk as in memory")
    func size() throws {
        let path = NSTemporaryDirectory() + "/configuration-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (size, expected) in [(256 * 1_024, nil), (256 * 1_024 + 1, "is larger than 256 KiB")] as [(Int, String?)] {
            let text = "a: 1\n#" + String(repeating: "x", count: size - 6)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let message = refusal { () throws(ConfigurationError) in _ = try ConfigurationFile(path: path) }
            #expect(message == expected.map { "\(path): \($0)" })
            #expect(refusal(of: text) == expected.map { "test.yaml: \($0)" })
        }
    }

    @Test("is read from a regular file only, and a failure names its cause")
    func notAFile() throws {
        let folder = NSTemporaryDirectory() + "/configuration-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pipe = folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [folder, pipe, "/dev/null"] {
            #expect(
                refusal { () throws(ConfigurationError) in _ = try ConfigurationFile(path: path) }
                    == "\(path): is no regular file")
        }
        let loop = folder + "/loop"
        #expect(symlink(loop, loop) == 0)
        let message = refusal { () throws(ConfigurationError) in _ = try ConfigurationFile(path: loop) }
        #expect(message == "\(loop): cannot be read: Too many levels of symbolic links")
    }

    @Test("is named in errors as it was named to us")
    func name() throws {
        let path = NSTemporaryDirectory() + "/configuration-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("\nlisen: a\n".utf8).write(to: URL(fileURLWithPath: path))
        let root = try ConfigurationFile(path: path).root
        _ = try root.string("listen")
        #expect(refusal { () throws(ConfigurationError) in try root.finish() }?.hasPrefix("\(path):2: ") == true)
    }
}
