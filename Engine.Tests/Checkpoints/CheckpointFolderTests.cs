namespace Engine.Tests.Checkpoints;

/// <summary>The last checkpoints and the best are kept, and a damaged one is passed by with a report.</summary>
public sealed class CheckpointFolderTests
{
    private string _path = "";
    private int _number;

    [SetUp]
    public void SetUp() => _path = Directory.CreateTempSubdirectory("engine-folder-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_path, recursive: true);

    /// <summary>Catches: the newest deleted instead of the oldest, the best deleted or written for a worse metric.</summary>
    [Test]
    public void The_last_and_the_best_are_kept()
    {
        CheckpointFolder<float> folder = Folder();
        double?[] metrics = [5, 3, 4, null, double.NaN, 6];
        for (_number = 0; _number < metrics.Length; _number++)
        {
            folder.Save(_number * 100, metrics[_number]);
        }
        Assert.That(folder.Steps, Is.EqualTo((long[])[300, 400, 500]));
        Assert.That(folder.Best, Is.EqualTo(3));
        CheckpointFolder<float> again = Folder();
        Assert.That(again.LoadNewest(), Is.EqualTo(new CheckpointLoad(500, Path.Combine(_path, "checkpoint-000000500.safetensors"), []))
            .Using<CheckpointLoad>(static (a, b) => (a.Step, a.Path, a.Damaged.Count) == (b.Step, b.Path, b.Damaged.Count)));
        Assert.That(_number, Is.EqualTo(5));
        Assert.That(again.Best, Is.EqualTo(3), "the best metric is remembered over a restart");
        again.LoadBest();
        Assert.That(_number, Is.EqualTo(1));
    }

    /// <summary>Catches: a damaged file that ends the run, or is passed by in silence.</summary>
    [Test]
    public void A_damaged_newest_one_is_reported_and_the_one_before_is_used()
    {
        CheckpointFolder<float> folder = Folder();
        Assert.That(folder.LoadNewest(), Is.Null);
        for (_number = 1; _number <= 3; _number++)
        {
            folder.Save(_number);
        }
        string newest = Path.Combine(_path, "checkpoint-000000003.safetensors");
        byte[] bytes = File.ReadAllBytes(newest);
        File.WriteAllBytes(newest, bytes[..^1]);
        File.WriteAllText(Path.Combine(_path, "checkpoint-000000004.safetensors.123-0.tmp"), "left by a killed process");
        CheckpointLoad? load = folder.LoadNewest();
        Assert.That(load!.Step, Is.EqualTo(2));
        Assert.That(_number, Is.EqualTo(2));
        Assert.That(load.Damaged.Single().Path, Is.EqualTo(newest));
        foreach (string file in Directory.GetFiles(_path, "*.safetensors"))
        {
            File.WriteAllText(file, "no");
        }
        Assert.That(() => folder.LoadNewest(), Throws.InstanceOf<MalformedFileException>().With.Message.Contains("000000003"));
    }

    /// <summary>Catches: a run that went back to its best checkpoint, whose new ones are deleted for those it has left.</summary>
    [Test]
    public void A_run_that_goes_back_leaves_what_it_abandoned()
    {
        CheckpointFolder<float> folder = Folder();
        foreach (int step in (int[])[800, 900, 1000])
        {
            _number = step;
            folder.Save(step, step == 800 ? 0.1 : 0.5);
        }
        folder.LoadBest();
        Assert.That(_number, Is.EqualTo(800));
        _number = 801;
        folder.Save(801, 0.2);
        Assert.That(folder.Steps, Is.EqualTo((long[])[800, 801]));
        Assert.That(folder.LoadNewest()!.Step, Is.EqualTo(801));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Checkpoint<float> checkpoint = new();
        Assert.That(
            () => new CheckpointFolder<float>(_path, checkpoint, keep: 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("keep = 0"));
        CheckpointFolder<float> folder = Folder();
        Assert.That(() => folder.Save(-1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("step -1"));
        Assert.That(folder.LoadBest, Throws.InstanceOf<FileNotFoundException>());
    }

    private CheckpointFolder<float> Folder()
    {
        Checkpoint<float> checkpoint = new();
        checkpoint.Add("number", () => _number.ToString(), text => _number = int.Parse(text));
        return new CheckpointFolder<float>(_path, checkpoint);
    }
}
