@echo off
rem Starts Ondine with its own JVM. ONDINE_JAVA_OPTS holds further flags for the JVM.
setlocal EnableExtensions DisableDelayedExpansion
set "home=%~dp0.."
for %%f in ("%home%\program\cli-*.jar") do set "jar=%%~ff"
"%home%\jvm\bin\java.exe" -XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -Xmn24m "-XX:AOTCache=%home%\program\ondine.aot" %ONDINE_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%
