using Examples.Mnist;

namespace Engine.Tests.Examples;

/// <summary>The MNIST example, on a small set of images in the same format.</summary>
[Category("Slow")]
public sealed class MnistTests
{
    /// <summary>Catches: images and labels that do not belong together, a network that cannot learn, a confusion of other data.</summary>
    [Test]
    public void Both_networks_learn_to_tell_bars_apart()
    {
        using TemporaryDirectory folder = new();
        MnistFiles.Write(folder[""], train: 500, test: 60);
        DatasetSplit<float> data = MnistData.Load(folder[""]);
        Assert.That(data.Train.Inputs.Shape, Is.EqualTo(new Shape(500, 24, 8)));
        Assert.That(data.Train.Inputs.Max().Item, Is.InRange(0.9f, 1f));
        foreach (MnistNetwork network in MnistNetwork.All)
        {
            MnistResult result = MnistTraining.Run(network, data, epochs: 12, RandomKey.FromSeed(1), progress: null);
            Assert.That(result.Accuracy, Is.GreaterThanOrEqualTo(0.95), network.Name);
            Assert.That(result.Accuracy, Is.EqualTo(result.History.Epochs[^1]["accuracy"]).Within(1e-12), network.Name);
            Assert.That(result.Confusion.Count, Is.EqualTo(60), network.Name);
            Assert.That(result.History.Epochs[^1].LearningRate, Is.LessThan(result.History.Epochs[1].LearningRate), network.Name);
        }
    }

    /// <summary>Catches: a change of a network by accident.</summary>
    [Test]
    public void The_networks_have_the_sizes_that_the_table_names()
    {
        int[] parameters = [.. MnistNetwork.All.Select(network =>
            network.Create(28, 28, 10, RandomKey.FromSeed(1)).Parameters.Sum(parameter => parameter.Shape.Length))];
        int dense = 785 * 512 + 513 * 256 + 257 * 10, convolutional = 10 * 16 + 145 * 32 + (32 * 49 + 1) * 128 + 129 * 10;
        Assert.That(parameters, Is.EqualTo(new[] { dense, convolutional }));
    }

    [Test]
    public void The_command_trains_what_it_is_asked_to()
    {
        using TemporaryDirectory folder = new();
        MnistFiles.Write(folder[""], train: 200, test: 20);
        string[] options = ["mnist", folder[""], "--epochs", "1", "--network", "dense", "--output", folder["m.svg"]];
        Command run = Command.Run(options);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("200 training images, 20 test images, 24 x 8").And.Contain("dense 512-256")
            .And.Not.Contain("convolutional").And.Contain("of 20 test images"));
        Assert.That(Command.Run(options).Timeless, Is.EqualTo(run.Timeless));
        Assert.That(new FileInfo(folder["m.svg"]).Length, Is.GreaterThan(1000));
    }

    /// <summary>Catches: a stack trace in place of the name of the file that is missing or damaged.</summary>
    [Test]
    public void Files_that_are_missing_or_wrong_are_named()
    {
        using TemporaryDirectory folder = new();
        Command missing = Command.Run("mnist", folder["none"], "--output", folder["m.svg"]);
        Assert.That((missing.ExitCode, missing.Output), Is.EqualTo((1, "")));
        Assert.That(missing.Error, Does.Contain("train-images-idx3-ubyte"));
        MnistFiles.Write(folder[""], train: 20, test: 10);
        File.WriteAllText(folder["t10k-labels-idx1-ubyte"], "no labels");
        Command damaged = Command.Run("mnist", folder[""], "--output", folder["m.svg"]);
        Assert.That((damaged.ExitCode, damaged.Output), Is.EqualTo((1, "")));
        Assert.That(damaged.Error, Does.Contain("t10k-labels-idx1-ubyte"));
        Assert.That(File.Exists(folder["m.svg"]), Is.False, "nothing was begun");
    }
}
