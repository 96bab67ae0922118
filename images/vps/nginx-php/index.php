<?php
header('Content-Type: text/plain');
echo 'PHP ', PHP_VERSION, ' siap. Ganti berkas /srv/www/index.php dengan aplikasi Anda.', "\n";
