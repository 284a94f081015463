require "socket"

$stdout.sync = true
server = TCPServer.new("0.0.0.0", Integer(ENV.fetch("PORT", "8080")))
trap("TERM") { exit }
puts "listening"
loop do
  Thread.new(server.accept) do |client|
    path = client.gets.to_s.split[1]
    while (line = client.gets) && line != "\r\n"; end
    body = path == "/healthz" ? "ok\n" : "ruby says hello\n"
    client.write "HTTP/1.1 200 OK\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
    client.close
  end
end
