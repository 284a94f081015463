<?php

echo $_SERVER['REQUEST_URI'] === '/healthz' ? "ok\n" : "php says hello\n";
