using Examples.Charts;
using Spectre.Console;

namespace Examples;

/// <summary>The file in which an example leaves its picture.</summary>
internal static class PictureFile
{
    /// <summary>Runs an example, and writes the picture that it returns in place of what is in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">What the picture shows, for the line that names the file.</param>
    /// <param name="output">Where that line goes.</param>
    /// <param name="error">Where it is said why the file cannot be written.</param>
    /// <param name="run">Runs the example.</param>
    /// <returns>The exit code: 0, or 1 if the picture cannot be written.</returns>
    public static int Write(string file, string content, IAnsiConsole output, IAnsiConsole error, Func<Figure> run)
    {
        try
        {
            // opened first, so that a file that cannot be written is reported before the work
            using FileStream picture = new(file, FileMode.OpenOrCreate, FileAccess.Write);
            Figure figure = run();
            picture.SetLength(0);
            figure.Write(picture);
            output.WriteLine();
            output.WriteLine($"{content}: {file}");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"Cannot write: {exception.Message}");
            return 1;
        }
    }
}
