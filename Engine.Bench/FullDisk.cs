using System.Globalization;

namespace Engine.Bench;

/// <summary>
/// Saves checkpoints on a small disk that is filled to a random point before each: the newest one that was acknowledged must load, whether
/// the next found room or not, and nothing else may be left behind.
/// </summary>
internal static class FullDisk
{
    private const int Saves = 60, Width = 60_000;
    private const long MostFree = 64 << 20;

    public static int Run(string[] args)
    {
        if (args.Length != 1 || !Directory.Exists(args[0]))
        {
            Console.WriteLine("disk DIR: expected a directory on a small disk, such as mount -t tmpfs -o size=2m tmpfs DIR");
            return 1;
        }
        string path = Path.GetFullPath(args[0]), filler = Path.Combine(path, "filler");
        DriveInfo disk = new(path);
        if (disk.AvailableFreeSpace > MostFree)
        {
            Console.WriteLine($"disk: {path}: got {disk.AvailableFreeSpace >> 20} MiB of free space, expected at most {MostFree >> 20}.");
            return 1;
        }
        Parameter<float> weight = new("weight", Tensor<float>.Zeros([Width]));
        Optimizer<float> optimizer = Optimizer.For(new AdamW(), [weight]);
        Checkpoint<float> checkpoint = new();
        checkpoint.Add("optimizer", optimizer);
        double last = 0;
        checkpoint.Add("last", () => last, number => last = number);
        CheckpointFolder<float> folder = new(Path.Combine(path, "checkpoints"), checkpoint, keep: 2);
        RandomKey key = RandomKey.FromSeed(1);
        int failed = 0, lost = 0, left = 0;
        long acknowledged = 0;
        for (int i = 1; i <= Saves; i++)
        {
            last = i;
            weight.SetGradient(Tensor<float>.Full([Width], i));
            optimizer.Step();
            File.WriteAllBytes(filler, new byte[(long)(disk.AvailableFreeSpace * key.Uniform(i))]);
            try
            {
                folder.Save(i);
                acknowledged = i;
            }
            catch (IOException)
            {
                failed++;
            }
            File.Delete(filler);
            left += Directory.GetFiles(folder.Path, "*.tmp").Length;
            lost += (folder.LoadNewest()?.Step ?? 0) == acknowledged && last == acknowledged ? 0 : 1;
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Saves} saves, {failed} without room: {lost} acknowledged ones lost, {left} temporary files left behind"));
        return lost + left == 0 && failed is > 0 and < Saves ? 0 : 1;
    }
}
