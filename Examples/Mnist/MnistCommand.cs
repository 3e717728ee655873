using System.CommandLine;
using Engine;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Mnist;

/// <summary>The command that classifies the MNIST images.</summary>
internal static class MnistCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "mnist";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Classifies the MNIST images of handwritten digits, read from a folder, with a dense and a convolutional network.";

    /// <summary>Adds the argument, the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Argument<string> folder = new("folder")
        {
            Description = "The folder of train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
                + "t10k-labels-idx1-ubyte, each plain or with .gz.",
        };
        Option<long> seed = StudyOptions.Seed("Seed of the weights, dropout and the batch order");
        string usual = string.Join(", ", MnistNetwork.All.Select(network => Invariant($"{network.Epochs} for {network.Key}")));
        Option<int> epochs = StudyOptions.Whole("--epochs", $"Passes over the training images; unless given {usual}", 0, 1, 1000);
        epochs.DefaultValueFactory = null; // then it is 0, which cannot be given
        string[] keys = [.. MnistNetwork.All.Select(network => network.Key)];
        Option<string[]> networks = new("--network")
        {
            Description = "Trains only this network; may be given several times.",
            HelpName = string.Join('|', keys),
        };
        networks.AcceptOnlyFromAmong(keys);
        Option<string> file = StudyOptions.Output("mnist.svg");
        command.Arguments.Add(folder);
        foreach (Option option in (Option[])[seed, epochs, networks, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result =>
        {
            string[] chosen = result.GetValue(networks) is { Length: > 0 } given ? given : keys;
            DatasetSplit<float> data;
            try
            {
                data = MnistData.Load(result.GetValue(folder)!);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                error.WriteLine($"Cannot read: {exception.Message}");
                return 1;
            }
            return PictureFile.Write(result.GetValue(file)!, "Picture", output, error, () => MnistReport.Write(
                data,
                [.. MnistNetwork.All.Where(network => chosen.Contains(network.Key))],
                result.GetValue(epochs) is > 0 and int count ? count : null,
                result.GetValue(seed),
                output,
                error));
        });
    }
}
