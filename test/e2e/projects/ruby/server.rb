require "webrick"

server = WEBrick::HTTPServer.new(Port: Integer(ENV.fetch("PORT", "8080")), BindAddress: "0.0.0.0")
server.mount_proc("/") { |_, response| response.body = "ruby says hello\n" }
server.mount_proc("/healthz") { |_, response| response.body = "ok\n" }
trap("TERM") { server.shutdown }
server.start
