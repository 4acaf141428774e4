using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>What every nginx.conf of these tests has in common: one process in the foreground, everything it writes in the test's own folder. As root it stays root, without capabilities.</summary>
internal static class NginxFile
{
    public static string Around(TempFolder folder, string logLevel, string servers) => $$"""
        {{(Environment.IsPrivilegedProcess ? "user root root;" : "")}}
        daemon off;
        master_process off;
        pid {{folder["nginx.pid"]}};
        error_log stderr {{logLevel}};
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path {{folder["body"]}};
          proxy_temp_path {{folder["proxy"]}};
          fastcgi_temp_path {{folder["fastcgi"]}};
          uwsgi_temp_path {{folder["uwsgi"]}};
          scgi_temp_path {{folder["scgi"]}};
        {{servers}}
        }
        """;
}
