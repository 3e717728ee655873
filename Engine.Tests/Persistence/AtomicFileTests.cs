namespace Engine.Tests.Persistence;

/// <summary>A file is there whole or not at all.</summary>
public sealed class AtomicFileTests
{
    /// <summary>Catches: an old file that is emptied before the new one is whole, a temporary file that stays.</summary>
    [Test]
    public void A_failure_leaves_the_old_file_and_nothing_else([Values] bool exists)
    {
        using TemporaryDirectory directory = new();
        if (exists)
        {
            File.WriteAllText(directory["a"], "old");
        }
        Assert.That(
            () => AtomicFile.Write(directory["a"], static stream =>
            {
                stream.Write("half of the n"u8);
                throw new InvalidOperationException("out of cheese");
            }),
            Throws.InvalidOperationException.With.Message.EqualTo("out of cheese"));
        Assert.That(directory.Files, Is.EqualTo(exists ? (string[])["a"] : []));
        Assert.That(exists ? File.ReadAllText(directory["a"]) : "old", Is.EqualTo("old"));
    }

    /// <summary>
    /// Catches: a temporary file in another directory, which cannot be renamed across disks; an old file that is missing meanwhile; a
    /// reserved length that becomes the file's.
    /// </summary>
    [Test]
    public void The_new_file_takes_the_place_of_the_old_one_at_the_end()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["a"], "old and longer than the new one");
        string[] during = [];
        AtomicFile.Write(
            directory["a"],
            stream =>
            {
                stream.Write("new"u8);
                during = directory.Files;
                Assert.That(File.ReadAllText(directory["a"]), Does.StartWith("old"));
            },
            expectedLength: 1 << 20);
        Assert.That(during, Has.Length.EqualTo(2).And.Some.StartWith("a.").And.Some.EndWith(".tmp"));
        Assert.That(File.ReadAllText(directory["a"]), Is.EqualTo("new"));
        Assert.That(directory.Files, Is.EqualTo((string[])["a"]));
    }

    /// <summary>Catches: two writers that write into one temporary file; one left by a process that was killed and bars the way.</summary>
    [Test]
    public void Writers_do_not_share_a_temporary_file()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory[$"a.{Environment.ProcessId}-0.tmp"], "left");
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            AtomicFile.Write(directory["a"], stream =>
            {
                for (int k = 0; k < 1000; k++)
                {
                    stream.WriteByte((byte)('a' + i));
                }
            }));
        string text = File.ReadAllText(directory["a"]);
        Assert.That((text.Length, text.Distinct().Count()), Is.EqualTo((1000, 1)));
        Assert.That(directory.Files, Has.Length.EqualTo(2), "the one that was left is not ours to remove");
    }

    /// <summary>
    /// Catches: a link that is replaced by a file, so that the file it points to stays old; permissions that are widened.
    /// </summary>
    [Test]
    public void Links_and_permissions_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // links need a privilege there, and permissions are inherited from the directory
        }
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["target"], "old");
        File.SetUnixFileMode(directory["target"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(directory["link"], "target");
        AtomicFile.Write(directory["link"], static stream => stream.Write("new"u8));
        Assert.That(File.ReadAllText(directory["target"]), Is.EqualTo("new"));
        Assert.That(new FileInfo(directory["link"]).LinkTarget, Is.EqualTo("target"));
        Assert.That(File.GetUnixFileMode(directory["target"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_directory_that_is_missing_is_an_error()
    {
        using TemporaryDirectory directory = new();
        Assert.That(() => AtomicFile.Write(directory["none/a"], static _ => { }), Throws.InstanceOf<DirectoryNotFoundException>());
        Assert.That(() => AtomicFile.Write("", static _ => { }), Throws.ArgumentException);
    }

    /// <summary>Catches: a reader whose file changes under it when another takes its name.</summary>
    [Test]
    public void An_open_file_stays_as_it_was()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // a file that is open cannot be replaced there
        }
        using TemporaryDirectory directory = new();
        Safetensors.Write(directory["a"], new Dictionary<string, TensorContent> { ["w"] = Tensor<float>.From(1, 2) });
        using SafetensorsFile old = Safetensors.Open(directory["a"]);
        Safetensors.Write(directory["a"], new Dictionary<string, TensorContent> { ["w"] = Tensor<float>.From(3, 4) });
        using SafetensorsFile replaced = Safetensors.Open(directory["a"]);
        Assert.That(old.Read<float>("w").ToArray(), Is.EqualTo((float[])[1, 2]));
        Assert.That(replaced.Read<float>("w").ToArray(), Is.EqualTo((float[])[3, 4]));
    }
}
