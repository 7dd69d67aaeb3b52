import API
import Fixtures
import Foundation
import HTTPServer
import Testing
import Workspaces

/// A folder as a developer has it, with a file beside it that must never be shown.
struct PageFolder {
    let scratch: ScratchFolder
    var path: String { scratch.path + "/page" }

    init() throws {
        scratch = try ScratchFolder()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try write("<h1>page</h1>", "index.html")
        try write("let page", "page.js")
        try write("h1 {}", "style.css")
        try Data("outside".utf8).write(to: URL(fileURLWithPath: scratch.path + "/outside.js"))
    }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func demonstration() throws -> Demonstration {
        try Demonstration(folder: path, origins: ["http://127.0.0.1:3000", "http://localhost:3000"])
    }
}

/// A server that shows a folder, and the folder for as long as it is shown.
private struct ShownPage {
    let folder: PageFolder
    let server: TestServer

    init(_ folder: PageFolder) async throws {
        self.folder = folder
        server = try await TestServer(demonstration: folder.demonstration())
    }

    func get(_ name: String) async -> TestServer.Answer {
        let answer = await server.call(.GET, "/demonstration/\(name)")
        return withExtendedLifetime(folder.scratch) { answer }
    }
}

@Suite("Demonstration")
struct DemonstrationTests {
    @Test(
        "the folder's pages, scripts and styles are shown, as what they are and for this server alone",
        arguments: [
            ("", "text/html; charset=utf-8", "<h1>page</h1>"),
            ("index.html", "text/html; charset=utf-8", "<h1>page</h1>"),
            ("page.js", "text/javascript; charset=utf-8", "let page"),
            ("style.css", "text/css; charset=utf-8", "h1 {}"),
        ])
    func files(_ name: String, _ type: String, _ text: String) async throws {
        let answer = try await ShownPage(PageFolder()).get(name)
        #expect(answer.status == 200 && answer.text == text)
        #expect(answer.headers["Content-Type"] == type)
        #expect(answer.headers["Cache-Control"] == "no-store")
        #expect(answer.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
    }

    @Test(
        "nothing outside of the folder is shown, whatever the path says",
        arguments: [
            "../outside.js", "..%2foutside.js", "%2e%2e%2foutside.js", "..%5coutside.js", ".%2fpage.js", "/outside.js",
            "%2fetc%2fpasswd", "page.js%00.html", "./page.js", "page.js/", "sub/inner.js", "sub%2finner.js",
        ])
    func traversal(_ name: String) async throws {
        let folder = try PageFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/sub", withIntermediateDirectories: false)
        try folder.write("inner", "sub/inner.js")
        let answer = try await ShownPage(folder).get(name)
        #expect([400, 404].contains(answer.status) && !answer.text.contains("outside"), "\(name): \(answer.text)")
    }

    @Test("nothing is shown through a link, nor a folder, a pipe, a hidden file or one of another kind")
    func kinds() async throws {
        let folder = try PageFolder()
        let manager = FileManager.default
        for (name, target) in [("out.js", "../outside.js"), ("in.js", "page.js"), ("nowhere.js", "none.js")] {
            try manager.createSymbolicLink(atPath: folder.path + "/" + name, withDestinationPath: target)
        }
        try manager.createDirectory(atPath: folder.path + "/folder.js", withIntermediateDirectories: false)
        #expect(mkfifo(folder.path + "/pipe.js", 0o600) == 0)
        for name in [".hidden.js", "notes.txt", "README.md", "data.json", "script.js.map", "js"] {
            try folder.write("hidden", name)
        }
        let page = try await ShownPage(folder)
        for name in [
            "out.js", "in.js", "nowhere.js", "folder.js", "pipe.js", ".hidden.js", "notes.txt", "README.md",
            "data.json", "script.js.map", "js", "missing.js",
        ] {
            let answer = await page.get(name)
            #expect(answer.status == 404 && answer.code == "not_found", "\(name)")
        }
    }

    @Test("a file of a mebibyte is shown, a longer one is not")
    func size() async throws {
        let folder = try PageFolder()
        try folder.write(String(repeating: "a", count: 1_048_576), "whole.js")
        try folder.write(String(repeating: "a", count: 1_048_577), "longer.js")
        let page = try await ShownPage(folder)
        #expect(await page.get("whole.js").text.utf8.count == 1_048_576)
        #expect(await page.get("longer.js").status == 404)
    }

    @Test("a folder without an index, or none, is no demonstration")
    func noIndex() throws {
        let folder = try PageFolder()
        try FileManager.default.removeItem(atPath: folder.path + "/index.html")
        #expect(throws: StaticFolderError.self) { try folder.demonstration() }
        #expect(throws: StaticFolderError.self) { try Demonstration(folder: folder.path + "/none", origins: []) }
    }

    @Test("the page learns the only workspace's configuration and the keys to pin; of several it learns none")
    func configuration() async throws {
        let page = try await ShownPage(PageFolder())
        let server = page.server
        let answer = await page.get("configuration.json")
        #expect(answer.text("config") == WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id))
        let keys = server.installation.signingKeys
        #expect(answer.text("signer_key") == keys.enclaveKey && answer.text("signer_key")?.count == 130)
        #expect(answer.text("notary_key") == keys.notaryKey && answer.text("notary_key")?.count == 130)
        _ = try await server.installation.workspace()
        let refused = await page.get("configuration.json")
        #expect(refused.status == 409 && refused.text("signer_key") == nil)
    }

    @Test("without a demonstration its paths are nobody's")
    func off() async throws {
        let server = try await TestServer()
        for path in ["/demonstration", "/demonstration/", "/demonstration/index.html"] {
            #expect(await server.call(.GET, path).status == 404)
        }
    }
}
