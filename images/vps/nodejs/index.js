const { createServer } = require("node:http");

createServer((request, response) => {
  response.setHeader("Content-Type", "text/plain");
  response.end(`Node ${process.version} siap. Ganti folder /srv/app dengan aplikasi Anda.\n`);
}).listen(Number(process.env.PORT));
