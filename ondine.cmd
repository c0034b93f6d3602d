@echo off
rem Starts Ondine from a checkout: finds a JDK, builds when the sources differ from the last build, runs the command line.
rem ONDINE_JAVA_HOME names the JDK to use; ONDINE_JAVA_OPTS holds further flags for the JVM.
setlocal EnableExtensions DisableDelayedExpansion

set "oldest_jdk=25"
rem Weights lie outside the heap, so the collector that starts fastest is enough, and little room for young objects saves 90 MB.
rem A cache that does not fit is no news for a user.
set "jvm_flags=-XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -Xmn24m"
set "root=%~dp0"
set "root=%root:~0,-1%"
set "work=%root%\target\launcher"

call :find_jdk
if not defined jdk if defined ONDINE_JAVA_HOME (
  echo ondine: ONDINE_JAVA_HOME="%ONDINE_JAVA_HOME%" is no JDK %oldest_jdk% or later; correct it or unset it>&2
  exit /b 1
)
if not defined jdk (
  echo ondine: needs a JDK %oldest_jdk% or later and found none; install one, for example from https://adoptium.net, or set JAVA_HOME to it>&2
  exit /b 1
)
if not exist "%work%" mkdir "%work%"
set "listing=%work%\sources.%RANDOM%"
call :list_sources >"%listing%"
fc /b "%listing%" "%work%\built" >nul 2>&1
if errorlevel 1 call :prepare
set "outcome=%errorlevel%"
if exist "%listing%" del "%listing%"
if not "%outcome%"=="0" exit /b 1

call :find_jar
set "cache=-Xshare:auto"
if exist "%work%\ondine.aot" set "cache=-XX:AOTCache=%work%\ondine.aot"
"%jdk%\bin\java.exe" %jvm_flags% "%cache%" %ONDINE_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%

:find_jdk
set "jdk="
if defined ONDINE_JAVA_HOME call :accept "%ONDINE_JAVA_HOME%"
if defined ONDINE_JAVA_HOME exit /b 0
if defined JAVA_HOME call :accept "%JAVA_HOME%"
if defined jdk exit /b 0
for /f "usebackq tokens=2,3 delims=<>" %%a in (`findstr /c:"<jdkHome>" "%USERPROFILE%\.m2\toolchains.xml" 2^>nul`) do if "%%a"=="jdkHome" call :accept "%%b"
for /f "delims=" %%j in ('where java 2^>nul') do for %%k in ("%%~dpj..") do call :accept "%%~fk"
for /d %%d in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\*" "%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\BellSoft\*" "%USERPROFILE%\.jdks\*") do call :accept "%%~fd"
exit /b 0

rem Takes the folder %1 unless one is taken already or it is no JDK of the right age.
:accept
if defined jdk exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "version=0"
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "version=%%~v"
for /f "delims=.-+" %%m in ("%version%") do if %%m GEQ %oldest_jdk% set "jdk=%~1"
exit /b 0

rem Time, size and name of every source, and the JDK: when they are those of the last build, nothing has to be done.
:list_sources
echo %jdk% %version%
for %%f in ("%root%\pom.xml") do echo %%~tf %%~zf %%~ff
for /d %%m in ("%root%\*") do if exist "%%~fm\src\main" (
  for %%f in ("%%~fm\pom.xml") do echo %%~tf %%~zf %%~ff
  for /f "delims=" %%f in ('dir /s /b /a-d "%%~fm\src\main"') do echo %%~tf %%~zf %%~ff
)
exit /b 0

:find_jar
set "jar="
for %%f in ("%root%\cli\target\cli-*.jar") do set "jar=%%~ff"
exit /b 0

:prepare
where mvn >nul 2>&1
if errorlevel 1 (
  echo ondine: needs Apache Maven to build itself once; install it, see https://maven.apache.org/install.html>&2
  exit /b 1
)
mkdir "%work%\lock" 2>nul
if errorlevel 1 (
  echo ondine: another build is running; if none is, remove the folder "%work%\lock">&2
  exit /b 1
)
call :build
set "outcome=%errorlevel%"
rmdir "%work%\lock"
exit /b %outcome%

:build
echo ondine: building>&2
set "JAVA_HOME=%jdk%"
call mvn -B -ntp -f "%root%\pom.xml" -pl cli -am -Dmaven.test.skip=true package >"%work%\build.log" 2>&1 <nul
if errorlevel 1 (
  findstr /b /c:"[ERROR]" "%work%\build.log" >&2
  echo ondine: the build failed; the whole log is "%work%\build.log">&2
  exit /b 1
)
echo ondine: preparing a fast start>&2
call :find_jar
if exist "%work%\ondine.aot" del "%work%\ondine.aot"
"%jdk%\bin\java.exe" %jvm_flags% "-XX:AOTCacheOutput=%work%\ondine.aot" -jar "%jar%" run --kernels scalar --json -n 8 "Wake me at half past six" >"%work%\rehearsal.log" 2>&1 <nul
rem What was listed before the build, so that a change during the build counts.
move /y "%listing%" "%work%\built" >nul
exit /b 0
